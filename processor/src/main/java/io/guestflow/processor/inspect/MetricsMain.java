package io.guestflow.processor.inspect;

import io.guestflow.contracts.Topics;
import io.guestflow.contracts.analytics.MetricsWindow;
import io.guestflow.contracts.codec.ContractViolation;
import io.guestflow.processor.config.KafkaSettings;
import io.guestflow.processor.config.Settings;
import io.guestflow.processor.config.SettingsException;
import io.guestflow.processor.runtime.BrokerException;
import io.guestflow.processor.runtime.ExitCode;
import io.guestflow.processor.runtime.Logging;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.slf4j.event.Level;

/** {@code scripts/metrics}: the last windows as a table, and those that come. */
public final class MetricsMain {
    private static final String TOPIC = Topics.GUEST_METRICS.name();

    private MetricsMain() {}

    /** Reads, prints, and ends with one of the exit codes of every script. */
    public static void main(String[] args) throws InterruptedException {
        // What the clients say of a broker that is not there would only repeat what is said here.
        Logging.configure(new Settings.Log(Settings.LogFormat.TEXT, Level.ERROR));
        PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
        System.exit(run(args, System.getenv(), out, System.err, () -> true).code());
    }

    /** @param goOn whether to follow on, asked after each look */
    static ExitCode run(
            String[] args, Map<String, String> environment, PrintStream out, PrintStream err, BooleanSupplier goOn)
            throws InterruptedException {
        MetricsAsked asked;
        KafkaSettings kafka;
        try {
            asked = MetricsAsked.of(args);
            kafka = KafkaSettings.load(asked.settings().toArray(String[]::new), environment, Files::readString);
        } catch (SettingsException wrong) {
            err.println("metrics: " + wrong.getMessage());
            return ExitCode.USAGE;
        }
        try (CommittedTopic topic = CommittedTopic.open(kafka, TOPIC)) {
            if (topic.partitions() == 0) {
                err.println("metrics: there is no topic " + TOPIC + " at " + kafka.bootstrapServers()
                        + ": it is made when the processor starts");
                return ExitCode.NOT_FOUND;
            }
            var printing = new Printing(asked, out, err, goOn);
            topic.follow(InstantSource.system().instant().minus(asked.since()), printing);
            return printing.exitCode();
        } catch (BrokerException unusable) {
            err.println("metrics: " + unusable.getMessage());
            return ExitCode.BROKER;
        }
    }

    /** Prints the last revisions when the beginning is read, and after that what each look brings. */
    private static final class Printing implements CommittedTopic.Follower {
        private final MetricsAsked asked;
        private final PrintStream out;
        private final PrintStream err;
        private final BooleanSupplier goOn;
        private final MetricsText text = new MetricsText();
        private final Map<String, MetricsWindow> last = new LinkedHashMap<>();
        private int unreadable;
        private boolean shown;

        Printing(MetricsAsked asked, PrintStream out, PrintStream err, BooleanSupplier goOn) {
            this.asked = asked;
            this.out = out;
            this.err = err;
            this.goOn = goOn;
        }

        @Override
        public void record(ConsumerRecord<byte[], byte[]> record) {
            try {
                MetricsWindow window = MetricsWindow.CODEC.read(record.value());
                if (asked.size().map(window.windowSize()::equals).orElse(true)) {
                    last.put(window.key(), window);
                }
            } catch (ContractViolation wrong) {
                unreadable++;
                err.println("metrics: the record " + TOPIC + "/" + record.partition() + "/" + record.offset()
                        + " cannot be read: " + wrong.getMessage());
            }
        }

        @Override
        public boolean caughtUp() {
            print();
            return asked.follow();
        }

        @Override
        public boolean goOn() {
            print();
            return goOn.getAsBoolean() && !out.checkError();
        }

        private void print() {
            if (!last.isEmpty()) {
                if (!shown) {
                    out.println(MetricsText.HEADING);
                }
                shown = true;
                text.lines(List.copyOf(last.values())).forEach(out::println);
                last.clear();
            }
        }

        ExitCode exitCode() {
            if (unreadable > 0) {
                return ExitCode.FAILED;
            }
            if (!shown && !asked.follow()) {
                err.println("metrics: no such window was published within "
                        + asked.since().toSeconds() + " s");
                return ExitCode.NOT_FOUND;
            }
            return ExitCode.OK;
        }
    }

    /**
     * The arguments.
     *
     * @param size only windows of that size
     * @param since how long ago the first of them was published
     * @param follow whether to go on
     * @param settings those that are for the settings
     */
    record MetricsAsked(Optional<String> size, Duration since, boolean follow, List<String> settings) {
        private static final Duration HOUR = Duration.ofHours(1);

        static MetricsAsked of(String... args) throws SettingsException {
            Optional<String> size = Optional.empty();
            Duration since = HOUR;
            boolean follow = false;
            List<String> settings = new ArrayList<>();
            for (int i = 0; i < args.length; i++) {
                switch (args[i]) {
                    case "--follow" -> follow = true;
                    case "--size" -> size = Optional.of(value(args, i++));
                    case "--since" -> since = duration(value(args, i++));
                    case "--config" -> {
                        settings.add(args[i]);
                        settings.add(value(args, i++));
                    }
                    case "--help", "-h", "--print-config" ->
                        throw new SettingsException(List.of("arguments: " + args[i]
                                + " is an option of the scripts that start something, or of the script before this"));
                    default -> settings.add(args[i]);
                }
            }
            return new MetricsAsked(size, since, follow, List.copyOf(settings));
        }

        private static String value(String[] args, int at) throws SettingsException {
            if (at + 1 == args.length) {
                throw new SettingsException(List.of("arguments: " + args[at] + " is not followed by a value"));
            }
            return args[at + 1];
        }

        private static Duration duration(String text) throws SettingsException {
            if (text.matches("[0-9]{1,6}[smhd]")) {
                long amount = Long.parseLong(text.substring(0, text.length() - 1));
                return switch (text.charAt(text.length() - 1)) {
                    case 's' -> Duration.ofSeconds(amount);
                    case 'm' -> Duration.ofMinutes(amount);
                    case 'h' -> Duration.ofHours(amount);
                    default -> Duration.ofDays(amount);
                };
            }
            throw new SettingsException(List.of("arguments: --since must be a duration such as 90s, 15m, 12h or 7d"));
        }
    }
}
