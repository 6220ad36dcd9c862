package dev.spindrift.local.warehouse;

import dev.spindrift.local.warehouse.engine.DuckDbEngine;
import dev.spindrift.local.warehouse.engine.SqlEngine;
import dev.spindrift.local.warehouse.server.Faults;
import dev.spindrift.local.warehouse.server.Users;
import dev.spindrift.local.warehouse.server.WarehouseServer;
import dev.spindrift.local.warehouse.stage.FolderStages;
import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.InstantSource;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CountDownLatch;

/**
 * A Snowflake-compatible warehouse in this process, on one port and one folder, that the unmodified Snowflake drivers
 * connect to. What was committed and what was put on a stage survive a kill at any moment.
 */
public final class LocalWarehouse implements AutoCloseable {
    private static final String ACCOUNT = "local";
    private static final String USAGE = """
            Usage: LocalWarehouse --data FOLDER [options]
              --data FOLDER                   where tables and stages are kept; made if it is not there
              --port N                        port to listen on (default 0: any that is free)
              --bind ADDRESS                  address to listen on (default 127.0.0.1); others need --password-file
              --password-file FILE            password of the user spindrift (default: spindrift)
              --public-key-file [USER=]FILE   RSA public key (PEM) of a user (default spindrift), for key pair logins;
                                              may be repeated
              --help                          this text
            """;

    private final WarehouseServer server;
    private final FileChannel lock;
    private final String host;

    private LocalWarehouse(WarehouseServer server, FileChannel lock, String host) {
        this.server = server;
        this.lock = lock;
        this.host = host;
    }

    /** Starts a warehouse; it answers once this returns. */
    public static LocalWarehouse start(WarehouseSettings settings) throws IOException {
        Path data = Files.createDirectories(settings.data());
        FileChannel lock = lock(data);
        SqlEngine engine = null;
        try {
            FolderStages stages = new FolderStages(data.resolve("stages"));
            engine = DuckDbEngine.open(data, stages);
            WarehouseServer server = serve(settings, engine, stages);
            InetAddress bind = settings.bind();
            return new LocalWarehouse(server, lock, bind.isAnyLocalAddress() ? "127.0.0.1" : bind.getHostAddress());
        } catch (IOException | RuntimeException e) {
            if (engine != null) {
                engine.close();
            }
            lock.close();
            throw e;
        }
    }

    private static WarehouseServer serve(WarehouseSettings settings, SqlEngine engine, FolderStages stages)
            throws IOException {
        Users users = new Users(
                ACCOUNT,
                Map.of(settings.user().toUpperCase(Locale.ROOT), settings.password()),
                settings.publicKeys(),
                InstantSource.system());
        try {
            return new WarehouseServer(
                    new InetSocketAddress(settings.bind(), settings.port()),
                    engine,
                    stages,
                    users,
                    settings.data().resolve("results"));
        } catch (BindException e) {
            throw new IOException(
                    "Cannot listen on " + settings.bind().getHostAddress() + ":" + settings.port() + ": "
                            + e.getMessage() + ". Give --port another, or 0 for a free one.",
                    e);
        }
    }

    private static FileChannel lock(Path data) throws IOException {
        FileChannel channel =
                FileChannel.open(data.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        FileLock lock;
        try {
            lock = channel.tryLock();
        } catch (OverlappingFileLockException e) {
            lock = null;
        }
        if (lock == null) {
            channel.close();
            throw new IOException("Cannot open the local warehouse in " + data
                    + ": another one has it open. Stop that one, or give --data another folder.");
        }
        return channel;
    }

    /** The port that it listens on. */
    public int port() {
        return server.address().getPort();
    }

    /** The URL for the JDBC driver, with the database SPINDRIFT and the schema PUBLIC; user and password go beside it. */
    public String jdbcUrl() {
        return "jdbc:snowflake://" + host + ":" + port() + "/?account=" + ACCOUNT
                + "&ssl=off&db=SPINDRIFT&schema=PUBLIC";
    }

    /** Faults to try a client with. */
    public Faults faults() {
        return server.faults();
    }

    /** Ends all sessions, rolls back what they have open, and writes everything that was committed. */
    @Override
    public void close() throws IOException {
        server.close();
        lock.close();
    }

    /** Runs a warehouse until the process is told to end. */
    public static void main(String[] args) throws IOException, InterruptedException {
        if (args.length == 0 || args[0].equals("--help")) {
            System.out.print(USAGE);
            return;
        }
        LocalWarehouse warehouse;
        try {
            warehouse = start(parse(args));
        } catch (IllegalArgumentException | IOException e) {
            System.err.println(e.getMessage());
            System.exit(2);
            return;
        }
        CountDownLatch ended = new CountDownLatch(1);
        Runtime.getRuntime().addShutdownHook(new Thread(() -> {
            try {
                warehouse.close();
            } catch (IOException e) {
                System.err.println(e.getMessage());
            }
            ended.countDown();
        }));
        System.out.println("The local warehouse answers at " + warehouse.jdbcUrl());
        ended.await();
    }

    /** The address last, since another than a loopback's is refused without a password of one's own. */
    private static WarehouseSettings parse(String[] args) throws IOException {
        WarehouseSettings settings = WarehouseSettings.in(Path.of(""));
        InetAddress bind = settings.bind();
        boolean hasData = false;
        for (int i = 0; i < args.length; i += 2) {
            String value = value(args, i);
            switch (args[i]) {
                case "--data" -> {
                    settings = settings.withData(Path.of(value));
                    hasData = true;
                }
                case "--port" -> settings = settings.withPort(number(value));
                case "--bind" -> bind = InetAddress.getByName(value);
                case "--password-file" -> settings = settings.withPasswordFile(Path.of(value));
                case "--public-key-file" -> {
                    int cut = value.indexOf('=');
                    String owner = cut < 0 ? settings.user() : value.substring(0, cut);
                    settings = settings.withPublicKeyFile(owner, Path.of(value.substring(cut + 1)));
                }
                default ->
                    throw new IllegalArgumentException(
                            "Cannot read \"" + args[i] + "\": there is no such option. See --help.");
            }
        }
        if (!hasData) {
            throw new IllegalArgumentException("Cannot start the local warehouse: it has no folder. Give --data.");
        }
        return settings.withBind(bind);
    }

    private static String value(String[] args, int option) {
        if (option + 1 == args.length) {
            throw new IllegalArgumentException(
                    "Cannot read \"" + args[option] + "\": its value is missing. See --help.");
        }
        return args[option + 1];
    }

    private static int number(String value) {
        try {
            return Integer.parseInt(value);
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException(
                    "Cannot read --port " + value + ": it is not a whole number. Give one.", e);
        }
    }
}
