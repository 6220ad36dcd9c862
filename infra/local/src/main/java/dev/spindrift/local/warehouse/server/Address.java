package dev.spindrift.local.warehouse.server;

import com.sun.net.httpserver.HttpExchange;
import java.net.InetSocketAddress;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * This server's address as a client knows it. Always with an IP address: given a name, the S3 clients inside the
 * drivers would put the bucket before it and look that name up.
 */
final class Address {
    private static final Pattern HOST = Pattern.compile("(\\d{1,3}(?:\\.\\d{1,3}){3}|localhost)(:\\d{1,5})?");

    private Address() {}

    static String of(HttpExchange exchange) {
        String host = exchange.getRequestHeaders().getFirst("Host");
        Matcher known = HOST.matcher(host == null ? "" : host);
        if (known.matches()) {
            String name = known.group(1).equals("localhost") ? "127.0.0.1" : known.group(1);
            return "http://" + name + (known.group(2) == null ? "" : known.group(2));
        }
        InetSocketAddress local = exchange.getLocalAddress();
        String address = local.getAddress().getHostAddress();
        return "http://" + (address.contains(":") ? "[" + address + "]" : address) + ":" + local.getPort();
    }
}
