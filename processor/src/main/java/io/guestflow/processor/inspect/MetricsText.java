package io.guestflow.processor.inspect;

import io.guestflow.contracts.analytics.DurationS;
import io.guestflow.contracts.analytics.LatencyMs;
import io.guestflow.contracts.analytics.MetricsKey;
import io.guestflow.contracts.analytics.MetricsWindow;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Windows for a person: a line for each, with a bar as long as its attempts are many, compared with the most of any line so
 * far.
 *
 * <p>Threading: one thread.
 */
final class MetricsText {
    static final String HEADING = "%-20s %4s %-28s %3s %8s %8s %6s %7s %7s %7s %7s %7s %7s %7s  %s"
            .formatted(
                    "window (UTC)",
                    "size",
                    "channel",
                    "rev",
                    "attempts",
                    "ok",
                    "err %",
                    "p50 ms",
                    "p99 ms",
                    "opened",
                    "ended",
                    "p50 s",
                    "in",
                    "out",
                    "attempts");

    private static final int BAR = 20;
    private static final int EIGHTHS = 8;
    private static final String BLOCKS = " ▏▎▍▌▋▊▉█";
    private static final int LONGEST_NAME = 28;

    private static final Comparator<MetricsWindow> ORDER = Comparator.comparing(MetricsWindow::windowStart)
            .thenComparing(window -> window.windowEnd())
            .thenComparing(MetricsWindow::key);

    private long most;

    /** The lines of those windows, the earliest first. */
    List<String> lines(List<MetricsWindow> windows) {
        windows.forEach(window -> most = Math.max(most, window.auth().attempts()));
        List<String> lines = new ArrayList<>();
        windows.stream().sorted(ORDER).forEach(window -> lines.add(line(window)));
        return lines;
    }

    private String line(MetricsWindow window) {
        LatencyMs latency = window.authLatencyMs();
        DurationS duration = window.conversationDurationS();
        long attempts = window.auth().attempts();
        return "%-20s %4s %-28s %3d %8d %8d %6s %7s %7s %7d %7d %7s %7d %7d  %s"
                .formatted(
                        window.windowStart(),
                        window.windowSize(),
                        name(window),
                        window.revision(),
                        attempts,
                        window.auth().succeeded(),
                        attempts == 0
                                ? "-"
                                : "%.1f"
                                        .formatted(100.0
                                                * (attempts - window.auth().succeeded())
                                                / attempts),
                        shown(latency.p50()),
                        shown(latency.p99()),
                        window.sessions().opened(),
                        window.sessions().expired() + window.sessions().closed(),
                        shown(duration.p50()),
                        window.messages().inbound(),
                        window.messages().outbound(),
                        bar(attempts, most))
                .stripTrailing();
    }

    private static String name(MetricsWindow window) {
        String name = Stream.of(window.channelId(), window.segment(), window.campaign())
                .filter(part -> !part.equals(MetricsKey.OFF))
                // A stranger's text on a terminal.
                .map(part -> part.replaceAll("\\p{C}", "?"))
                .collect(Collectors.joining(" "));
        return name.length() <= LONGEST_NAME ? name : name.substring(0, LONGEST_NAME - 1) + "…";
    }

    private static String shown(@Nullable Long value) {
        return value == null ? "-" : value.toString();
    }

    static String bar(long value, long most) {
        if (most == 0) {
            return "";
        }
        int eighths = (int) Math.ceil((double) value * BAR * EIGHTHS / most);
        String full = "█".repeat(eighths / EIGHTHS);
        return eighths % EIGHTHS == 0 ? full : full + BLOCKS.charAt(eighths % EIGHTHS);
    }
}
