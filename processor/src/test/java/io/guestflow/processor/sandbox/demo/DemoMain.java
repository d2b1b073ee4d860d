package io.guestflow.processor.sandbox.demo;

import io.guestflow.processor.sandbox.ChildFailedException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Starts Kafka, CXone's simulator and the processor, and shows and checks a stream of guests; {@code scripts/demo} starts
 * it. Exit codes: 0 fine or stopped by a signal, 1 a check failed or something broke, 2 usage.
 */
final class DemoMain {
    private DemoMain() {}

    public static void main(String[] args) throws IOException, InterruptedException {
        boolean once = false;
        var settings = new ArrayList<String>();
        for (String arg : args) {
            if (arg.equals("--once")) {
                once = true;
            } else if (arg.matches("--[A-Z][A-Z_]*=.*")) {
                settings.add(arg);
            } else {
                System.err.println("demo: unknown argument " + arg + "; scripts/demo --help says which there are");
                System.exit(2);
            }
        }
        run(once, settings);
    }

    private static void run(boolean once, List<String> settings) throws IOException, InterruptedException {
        var clock = InstantSource.system();
        boolean terminal = System.console() != null && System.console().isTerminal();
        var screen = new Screen(System.out, Screen.colour(terminal, System.getenv()), System.nanoTime());
        Path dir = Files.createTempDirectory("guestflow-demo-");
        Ending ending = Ending.ofDirectory(dir);
        try {
            screen.line("Starting Kafka, a simulated CXone and the processor, with all their files in " + dir);
            Stage stage = Stage.set(dir, settings);
            stage.directory().forEach(screen::line);
            screen.line(String.format(
                    Locale.ROOT,
                    "guestflow ready, %.1f s after the command%s",
                    sinceStart(clock).toMillis() / 1000.0,
                    once ? "" : "; Ctrl-C ends all of it"));
            var demo = new Demo(stage, screen, clock);
            if (!once) {
                demo.forever();
            }
            ending.with(demo.once() ? 0 : 1);
        } catch (ChildFailedException | IllegalStateException e) {
            ending.failed(String.valueOf(e.getMessage()));
        } catch (RuntimeException e) {
            e.printStackTrace();
            ending.failed(e.toString());
        }
    }

    /** The script becomes this process, so this counts from the moment the command was given. */
    private static Duration sinceStart(InstantSource clock) {
        Instant now = clock.instant();
        return Duration.between(ProcessHandle.current().info().startInstant().orElse(now), now);
    }
}
