package io.guestflow.processor.inspect;

import io.guestflow.contracts.Topics;
import io.guestflow.contracts.audit.ChainCheck.Finding;
import io.guestflow.processor.config.KafkaSettings;
import io.guestflow.processor.config.Settings;
import io.guestflow.processor.config.SettingsException;
import io.guestflow.processor.runtime.BrokerException;
import io.guestflow.processor.runtime.ExitCode;
import io.guestflow.processor.runtime.Logging;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.List;
import java.util.Map;
import org.slf4j.event.Level;

/** {@code scripts/audit}: tells one story out of the audit, or checks that all of it is there and as it was written. */
public final class AuditMain {
    private static final String NAME = Topics.GUEST_AUDIT.name();
    /** Beyond that, how many more there are says as much. */
    private static final int MOST_FINDINGS = 100;

    private final PrintStream out;
    private final PrintStream err;
    private long findings;

    private AuditMain(PrintStream out, PrintStream err) {
        this.out = out;
        this.err = err;
    }

    /** Reads, prints, and ends with one of the exit codes of every script. */
    public static void main(String[] args) throws InterruptedException {
        // What the clients say of a broker that is not there would only repeat what is said here.
        Logging.configure(new Settings.Log(Settings.LogFormat.TEXT, Level.ERROR));
        // Records are UTF-8, whatever the terminal is.
        PrintStream out = new PrintStream(new FileOutputStream(FileDescriptor.out), true, StandardCharsets.UTF_8);
        System.exit(run(args, System.getenv(), out, System.err).code());
    }

    static ExitCode run(String[] args, Map<String, String> environment, PrintStream out, PrintStream err)
            throws InterruptedException {
        AuditMain main = new AuditMain(out, err);
        AuditAsked asked;
        KafkaSettings kafka;
        try {
            asked = AuditAsked.of(args);
            kafka = KafkaSettings.load(asked.settings().toArray(String[]::new), environment, Files::readString);
        } catch (SettingsException wrong) {
            main.complain(String.valueOf(wrong.getMessage()));
            return ExitCode.USAGE;
        }
        try (CommittedTopic topic = CommittedTopic.open(kafka, NAME)) {
            int partitions = topic.partitions();
            if (partitions == 0) {
                main.complain("there is no topic " + NAME + " at " + kafka.bootstrapServers()
                        + ": it is made when the processor starts");
                return ExitCode.NOT_FOUND;
            }
            return switch (asked) {
                case AuditAsked.Show show -> main.show(topic, partitions, show);
                case AuditAsked.Verify verify -> main.verify(kafka, topic, verify);
            };
        } catch (BrokerException unusable) {
            main.complain(String.valueOf(unusable.getMessage()));
            return ExitCode.BROKER;
        }
    }

    private ExitCode show(CommittedTopic topic, int partitions, AuditAsked.Show asked) throws BrokerException {
        AuditStory story = new AuditStory(asked);
        for (int partition = 0; partition < partitions; partition++) {
            topic.read(partition, record -> story.look(record.value()));
        }
        List<String> lines = asked.json() ? story.json() : story.lines();
        lines.forEach(out::println);
        if (story.erased() > 0) {
            complain(story.erased() + " records were erased: whether they belonged to it cannot be told any more");
        }
        if (story.unreadable() > 0) {
            complain(story.unreadable() + " records could not be read and may belong to it: see scripts/audit verify");
            return ExitCode.FAILED;
        }
        if (lines.isEmpty()) {
            complain("there is no record of that " + asked.by().name + " on " + NAME);
            return ExitCode.NOT_FOUND;
        }
        return ExitCode.OK;
    }

    private ExitCode verify(KafkaSettings kafka, CommittedTopic topic, AuditAsked.Verify asked)
            throws BrokerException, InterruptedException {
        KeptEnds file = asked.ends().map(KeptEnds::new).orElse(null);
        Map<Integer, KeptEnds.End> kept;
        try {
            kept = file == null ? Map.of() : file.read();
        } catch (IOException unreadable) {
            complain(asked.ends().orElseThrow() + " cannot be read: " + unreadable.getMessage());
            return ExitCode.USAGE;
        }
        AuditVerification verification = new AuditVerification(kafka, topic, this::found, out::println, this::complain);
        verification.run(kept);
        if (findings > MOST_FINDINGS) {
            complain((findings - MOST_FINDINGS) + " more findings are not told");
        }
        if (findings > 0) {
            return ExitCode.FAILED;
        }
        try {
            if (file != null) {
                file.write(verification.ends());
            }
        } catch (IOException unwritable) {
            complain("all is in order, but " + asked.ends().orElseThrow() + " cannot be written: " + unwritable);
            return ExitCode.FAILED;
        }
        return ExitCode.OK;
    }

    private void found(Finding finding) {
        findings++;
        if (findings <= MOST_FINDINGS) {
            complain("%s/%d%s %s: %s"
                    .formatted(
                            NAME,
                            finding.partition(),
                            finding.offset() < 0 ? "" : "/" + finding.offset(),
                            finding.kind(),
                            finding.what()));
        }
    }

    private void complain(String what) {
        err.println("audit: " + what);
    }
}
