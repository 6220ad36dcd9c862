package dev.spindrift.local.warehouse.server;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.PublicKey;
import java.security.Signature;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Base64;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

/** Who may log in, and how each proves it: with a password, or with a token signed by a key registered for them. */
public final class Users {
    /** How long before its issue a token may be used, for clocks that differ. */
    private static final long SKEW_SECONDS = 60;

    private final String account;
    private final Map<String, byte[]> passwords;
    private final Map<String, PublicKey> keys;
    private final InstantSource clock;

    /**
     * Users of one account.
     *
     * @param passwords by upper-case user name
     * @param keys RSA public keys by upper-case user name
     */
    public Users(String account, Map<String, String> passwords, Map<String, PublicKey> keys, InstantSource clock) {
        this.account = account.toUpperCase(Locale.ROOT);
        Map<String, byte[]> digests = new HashMap<>();
        passwords.forEach((user, password) -> digests.put(user, sha256(password.getBytes(StandardCharsets.UTF_8))));
        this.passwords = Map.copyOf(digests);
        this.keys = Map.copyOf(keys);
        this.clock = clock;
    }

    /** The user that a login's data proves; refused with Snowflake's code if it does not. */
    String authenticate(JsonNode login) {
        String authenticator = login.path("AUTHENTICATOR").asText("SNOWFLAKE").toUpperCase(Locale.ROOT);
        boolean accountMatches = login.path("ACCOUNT_NAME").asText("").equalsIgnoreCase(account);
        String user = login.path("LOGIN_NAME").asText("").toUpperCase(Locale.ROOT);
        return switch (authenticator) {
            case "SNOWFLAKE", "USERNAME_PASSWORD_MFA" -> {
                byte[] expected = passwords.get(user);
                byte[] given = sha256(login.path("PASSWORD").asText("").getBytes(StandardCharsets.UTF_8));
                if (!accountMatches || expected == null || !MessageDigest.isEqual(expected, given)) {
                    throw ProtocolFailure.badPassword();
                }
                yield user;
            }
            case "SNOWFLAKE_JWT" -> {
                if (!accountMatches) {
                    throw ProtocolFailure.badKey();
                }
                yield proveByKey(login.path("TOKEN").asText(""), user);
            }
            default ->
                throw new ProtocolFailure(
                        "390144",
                        "08001",
                        "Cannot log in with the authenticator " + authenticator
                                + ": the local warehouse knows a password and a key pair. Use one of these.");
        };
    }

    private String proveByKey(String token, String user) {
        String[] parts = token.split("\\.", -1);
        PublicKey key = keys.get(user);
        if (parts.length != 3 || key == null) {
            throw ProtocolFailure.badKey();
        }
        try {
            JsonNode header = Json.MAPPER.readTree(Base64.getUrlDecoder().decode(parts[0]));
            JsonNode claims = Json.MAPPER.readTree(Base64.getUrlDecoder().decode(parts[1]));
            Signature signature = Signature.getInstance("SHA256withRSA");
            signature.initVerify(key);
            signature.update((parts[0] + "." + parts[1]).getBytes(StandardCharsets.US_ASCII));
            if (!"RS256".equals(header.path("alg").asText())
                    || !signature.verify(Base64.getUrlDecoder().decode(parts[2]))
                    || !claimsHold(claims, user, key)) {
                throw ProtocolFailure.badKey();
            }
            return user;
        } catch (GeneralSecurityException | IOException | IllegalArgumentException e) {
            throw ProtocolFailure.badKey();
        }
    }

    private boolean claimsHold(JsonNode claims, String user, PublicKey key) {
        String subject = account + "." + user;
        Instant now = clock.instant();
        return claims.path("sub").asText().equals(subject)
                && claims.path("iss").asText().equals(subject + "." + fingerprint(key))
                && claims.path("exp").asLong(0) > now.getEpochSecond()
                && claims.path("iat").asLong(Long.MAX_VALUE) <= now.getEpochSecond() + SKEW_SECONDS;
    }

    private static String fingerprint(PublicKey key) {
        return "SHA256:" + Base64.getEncoder().encodeToString(sha256(key.getEncoded()));
    }

    private static byte[] sha256(byte[] bytes) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(bytes);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("Cannot compute SHA-256: every Java has it, this one does not.", e);
        }
    }
}
