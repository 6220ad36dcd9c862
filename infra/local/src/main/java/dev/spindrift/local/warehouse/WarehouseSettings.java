package dev.spindrift.local.warehouse;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.spec.X509EncodedKeySpec;
import java.util.Base64;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * How a local warehouse is started.
 *
 * @param bind the address to listen on
 * @param port 0 for any that is free
 * @param data the folder that holds everything; made if it is not there
 * @param user who may log in with the password
 * @param publicKeys RSA keys of those who may log in with a key pair, by upper-case user name
 */
public record WarehouseSettings(
        InetAddress bind, int port, Path data, String user, String password, Map<String, PublicKey> publicKeys) {
    private static final String DEFAULT_PASSWORD = "spindrift";

    /** Checks the settings. */
    public WarehouseSettings {
        if (port < 0 || port > 65_535) {
            throw new IllegalArgumentException(
                    "Cannot listen on port " + port + ": ports go to 65535. Give --port another, or 0 for a free one.");
        }
        if (!bind.isLoopbackAddress() && password.equals(DEFAULT_PASSWORD)) {
            throw new IllegalArgumentException("Cannot listen on " + bind.getHostAddress()
                    + " with the well-known password: others can reach it. Give --password-file.");
        }
        publicKeys = Map.copyOf(publicKeys);
    }

    /** On 127.0.0.1 and a free port, for user and password {@code spindrift}, with its data in a folder. */
    public static WarehouseSettings in(Path data) {
        return new WarehouseSettings(
                InetAddress.getLoopbackAddress(), 0, data, "spindrift", DEFAULT_PASSWORD, Map.of());
    }

    /** The same on another address, which needs another password than the default unless it is a loopback's. */
    public WarehouseSettings withBind(InetAddress address) {
        return new WarehouseSettings(address, port, data, user, password, publicKeys);
    }

    /** The same with its data in another folder. */
    public WarehouseSettings withData(Path folder) {
        return new WarehouseSettings(bind, port, folder, user, password, publicKeys);
    }

    /** The same on another port. */
    public WarehouseSettings withPort(int number) {
        return new WarehouseSettings(bind, number, data, user, password, publicKeys);
    }

    /** The same with the password in a file, less its line end. */
    public WarehouseSettings withPasswordFile(Path file) throws IOException {
        String read = Files.readString(file).strip();
        if (read.isEmpty()) {
            throw new IllegalArgumentException(
                    "Cannot take a password from " + file + ": it is empty. Write one into it.");
        }
        return new WarehouseSettings(bind, port, data, user, read, publicKeys);
    }

    /** The same with a user's RSA public key from a PEM file ({@code BEGIN PUBLIC KEY}). */
    public WarehouseSettings withPublicKeyFile(String owner, Path file) throws IOException {
        Map<String, PublicKey> keys = new TreeMap<>(publicKeys);
        keys.put(owner.toUpperCase(Locale.ROOT), readPublicKey(file));
        return new WarehouseSettings(bind, port, data, user, password, keys);
    }

    private static PublicKey readPublicKey(Path file) throws IOException {
        String pem = Files.readString(file);
        String base64 = pem.replaceAll("-----[A-Z ]+-----", "").replaceAll("\\s", "");
        try {
            byte[] der = Base64.getDecoder().decode(base64);
            return KeyFactory.getInstance("RSA").generatePublic(new X509EncodedKeySpec(der));
        } catch (GeneralSecurityException | IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    "Cannot read an RSA public key from " + file + ": " + e.getMessage()
                            + ". Make one with: openssl rsa -in key.p8 -pubout",
                    e);
        }
    }
}
