package io.guestflow.processor;

import io.guestflow.processor.config.Launch;
import io.guestflow.processor.config.Settings;
import io.guestflow.processor.config.SettingsException;
import io.guestflow.processor.edge.EdgeException;
import io.guestflow.processor.runtime.BrokerException;
import io.guestflow.processor.runtime.ExitCode;
import io.guestflow.processor.runtime.InstanceException;
import io.guestflow.processor.runtime.Logging;
import java.nio.file.Files;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The process: reads the settings, starts what its roles need, and ends with a code that says how it went. */
public final class Main {
    private static final Logger LOG = LoggerFactory.getLogger(Main.class);

    private Main() {}

    /** Starts the processor; it runs until SIGTERM, or until something that it cannot mend. */
    public static void main(String[] args) throws InterruptedException {
        try {
            switch (Launch.of(args, System.getenv(), Files::readString)) {
                case Launch.Print print -> System.out.println(print.text());
                case Launch.Rehearse rehearse -> {
                    Rehearsal.run();
                    System.exit(ExitCode.OK.code());
                }
                case Launch.Run run -> run(run.settings());
            }
        } catch (SettingsException wrong) {
            System.err.println("guestflow: " + wrong.getMessage());
            System.exit(ExitCode.USAGE.code());
        }
    }

    private static void run(Settings settings) throws InterruptedException {
        Logging.configure(settings.log());
        settings.report().warnings().forEach(LOG::warn);
        Guestflow guestflow = new Guestflow(settings);
        // A signal ends the JVM with a code of its own; the hook has the last word instead.
        Runtime.getRuntime()
                .addShutdownHook(Thread.ofPlatform()
                        .name("stop")
                        .unstarted(
                                () -> Runtime.getRuntime().halt(guestflow.stop().code())));
        try {
            guestflow.start();
            guestflow.awaitEnd();
        } catch (InstanceException | EdgeException wrong) {
            guestflow.failed(ExitCode.USAGE, wrong.getMessage(), null);
        } catch (BrokerException unusable) {
            guestflow.failed(ExitCode.BROKER, unusable.getMessage(), null);
        } catch (RuntimeException defect) {
            guestflow.failed(ExitCode.FAILED, "the start failed: " + defect, defect);
        }
        System.exit(ExitCode.FAILED.code());
    }
}
