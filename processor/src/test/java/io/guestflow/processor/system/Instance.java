package io.guestflow.processor.system;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.guestflow.processor.sandbox.ProcessorProcess;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * One instance of the processor over all its lives: the same name, settings and state directory after each restart.
 *
 * <p>Threading: one thread drives its life; metrics and health may be asked by any.
 */
final class Instance implements AutoCloseable {
    private static final Duration READY_WITHIN = Duration.ofSeconds(90);
    private static final Duration ENDS_WITHIN = Duration.ofSeconds(30);
    private static final Pattern SAMPLE = Pattern.compile("^([a-z0-9_]+)(?:\\{(.*)})? (\\S+)$", Pattern.MULTILINE);

    private final HttpClient http = HttpClient.newHttpClient();
    private final ProcessorProcess.Start start;
    private ProcessorProcess process;
    private volatile @Nullable URI address;

    /** Starts it and returns at once. */
    Instance(String name, Map<String, String> settings, Path logs) {
        start = ProcessorProcess.named(name).settings(settings).logsIn(logs);
        process = start.start();
    }

    /** Waits until it is able to answer, and returns how long that took since now. */
    Duration awaitReady() {
        long from = System.nanoTime();
        address = process.awaitReady(READY_WITHIN).http().orElse(null);
        return Duration.ofNanos(System.nanoTime() - from);
    }

    /** Starts it again after its end; returns how long it took until it was ready. */
    Duration restart() {
        process.close();
        process = start.start();
        return awaitReady();
    }

    /** Starts it again with another setting. */
    Duration restartWith(String setting, String value) {
        start.setting(setting, value);
        return restart();
    }

    ProcessorProcess process() {
        return process;
    }

    /** SIGTERM, and its exit code. */
    int stop() {
        process.sigterm();
        return process.awaitExit(ENDS_WITHIN);
    }

    /** SIGKILL. */
    void kill() {
        process.sigkill();
        assertEquals(137, process.awaitExit(ENDS_WITHIN), "it was to be killed, not to end by itself");
    }

    /** The sum of a meter's samples that have these tags, each {@code name="value"}; 0 if there are none. */
    double metric(String name, String... tags) {
        double sum = 0;
        Matcher samples = SAMPLE.matcher(get("/metrics").body());
        while (samples.find()) {
            String labels = samples.group(2) == null ? "" : samples.group(2);
            if (samples.group(1).equals(name) && Arrays.stream(tags).allMatch(labels::contains)) {
                sum += Double.parseDouble(samples.group(3));
            }
        }
        return sum;
    }

    /** How often its log has said so, over all its lives. */
    long timesTold(String text) {
        return Output.text(process.stderr())
                .lines()
                .filter(line -> line.contains(text))
                .count();
    }

    /** What the metrics tell and must not. */
    List<String> metricsLeaks() {
        return address == null ? List.of() : Output.leaks(get("/metrics").body());
    }

    HttpResponse<String> get(String path) {
        URI base = address;
        if (base == null) {
            throw new IllegalStateException("it has no address before it is ready, nor without the role edge");
        }
        try {
            return http.send(
                    HttpRequest.newBuilder(base.resolve(path))
                            .timeout(ENDS_WITHIN)
                            .build(),
                    HttpResponse.BodyHandlers.ofString());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while waiting for " + path, e);
        }
    }

    /** Ends it if it still runs. */
    @Override
    public void close() {
        process.close();
        http.close();
    }
}
