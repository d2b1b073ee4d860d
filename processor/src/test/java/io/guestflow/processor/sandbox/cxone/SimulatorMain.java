package io.guestflow.processor.sandbox.cxone;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import tools.jackson.databind.JsonNode;

/**
 * Runs the simulator as a process of its own, for demo and benchmarks. Arguments: {@code --port N}, {@code
 * --latency-ms N}, {@code --jitter-ms N}, {@code --calls-per-second N}, {@code --retry-after seconds|date:seconds},
 * {@code --token-lifetime SECONDS}, {@code --conversation-lifetime SECONDS}, {@code --forbidden-channel ID} (may be
 * repeated), {@code --settings JSON} (what {@code POST /sim/settings} takes; wins over the others). Prints one line when it listens; SIGTERM ends it with exit code 0.
 */
public final class SimulatorMain {

    private SimulatorMain() {}

    public static void main(String[] args) throws InterruptedException {
        CxoneSimulator simulator;
        try {
            simulator = startWith(args);
        } catch (IllegalArgumentException e) {
            System.err.println("simulator: " + e.getMessage());
            System.exit(2);
            return;
        }
        Runtime.getRuntime().addShutdownHook(new Thread(() -> {
            simulator.close();
            // Being asked to stop is no failure; the JVM itself would say 143.
            Runtime.getRuntime().halt(0);
        }));
        System.out.println("simulator ready http=127.0.0.1:" + simulator.port());
        new CountDownLatch(1).await();
    }

    static CxoneSimulator startWith(String... args) {
        int port = 0;
        List<String> forbidden = new ArrayList<>();
        Behaviour wanted = new Behaviour();
        String settings = "{}";
        for (int i = 0; i < args.length; i += 2) {
            if (i + 1 == args.length) {
                throw new IllegalArgumentException(args[i] + " needs a value");
            }
            String value = args[i + 1];
            switch (args[i]) {
                case "--port" -> port = Integer.parseInt(value);
                case "--latency-ms" -> wanted.latency = Duration.ofMillis(Long.parseLong(value));
                case "--jitter-ms" -> wanted.jitter = Duration.ofMillis(Long.parseLong(value));
                case "--calls-per-second" -> wanted.callsPerSecond = Integer.parseInt(value);
                case "--retry-after" -> wanted.limitRetryAfter = RetryAfter.parse(value);
                case "--token-lifetime" -> wanted.tokenLifetime = Duration.ofSeconds(Long.parseLong(value));
                case "--conversation-lifetime" ->
                    wanted.conversationLifetime = Duration.ofSeconds(Long.parseLong(value));
                case "--forbidden-channel" -> forbidden.add(value);
                case "--settings" -> settings = value;
                default -> throw new IllegalArgumentException("unknown argument " + args[i]);
            }
        }
        JsonNode changes = CxoneApi.JSON.readTree(settings);
        // Once more than needed: what is wrong with them is found before anything listens.
        wanted.change(changes);
        CxoneSimulator simulator = CxoneSimulator.start(port)
                .latency(wanted.latency)
                .jitter(wanted.jitter)
                .callsPerSecond(wanted.callsPerSecond)
                .limitRetryAfter(wanted.limitRetryAfter)
                .tokenLifetime(wanted.tokenLifetime)
                .conversationLifetime(wanted.conversationLifetime)
                .forbiddenChannels(forbidden);
        simulator.behaviour().change(changes);
        return simulator;
    }
}
