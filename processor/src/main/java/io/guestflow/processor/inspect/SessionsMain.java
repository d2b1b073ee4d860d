package io.guestflow.processor.inspect;

import io.guestflow.contracts.session.Session;
import io.guestflow.processor.config.KafkaSettings;
import io.guestflow.processor.config.Settings;
import io.guestflow.processor.config.SettingsException;
import io.guestflow.processor.inspect.SessionsTopic.Found;
import io.guestflow.processor.runtime.BrokerException;
import io.guestflow.processor.runtime.ExitCode;
import io.guestflow.processor.runtime.Logging;
import io.guestflow.processor.wire.Uuids;
import java.io.PrintStream;
import java.nio.file.Files;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.event.Level;

/** {@code scripts/sessions}: one session's state, or how many sessions are in which. */
public final class SessionsMain {
    private SessionsMain() {}

    /** Reads, prints, and ends with one of the exit codes of every script. */
    public static void main(String[] args) throws InterruptedException {
        // What the clients say of a broker that is not there would only repeat what is said here.
        Logging.configure(new Settings.Log(Settings.LogFormat.TEXT, Level.ERROR));
        System.exit(run(args, System.getenv(), System.out, System.err).code());
    }

    static ExitCode run(String[] args, Map<String, String> environment, PrintStream out, PrintStream err)
            throws InterruptedException {
        Asked asked;
        KafkaSettings kafka;
        try {
            asked = Asked.of(args);
            kafka = KafkaSettings.load(asked.settings().toArray(String[]::new), environment, Files::readString);
        } catch (SettingsException wrong) {
            err.println("sessions: " + wrong.getMessage());
            return ExitCode.USAGE;
        }
        try (SessionsTopic topic = SessionsTopic.open(kafka)) {
            if (!topic.exists()) {
                err.println("sessions: there is no topic " + SessionsTopic.NAME + " at " + kafka.bootstrapServers()
                        + ": it is made when the processor starts");
                return ExitCode.NOT_FOUND;
            }
            return asked.conversationId().isPresent()
                    ? one(topic, asked.conversationId().get(), out, err)
                    : all(topic, out, err);
        } catch (BrokerException unusable) {
            err.println("sessions: " + unusable.getMessage());
            return ExitCode.BROKER;
        }
    }

    private static ExitCode one(SessionsTopic topic, String conversationId, PrintStream out, PrintStream err)
            throws BrokerException, InterruptedException {
        return switch (topic.last(conversationId)) {
            case Found.Known(Session session, var where) -> {
                SessionText.of(session, where, InstantSource.system().instant()).forEach(out::println);
                yield ExitCode.OK;
            }
            case Found.Unreadable(var where, var why) -> {
                err.println("sessions: the record " + where + " cannot be read: " + why);
                yield ExitCode.FAILED;
            }
            case Found.Gone(var where) -> {
                err.println("sessions: that conversation's session has ended and was forgotten (" + where + ")");
                yield ExitCode.NOT_FOUND;
            }
            case Found.Never() -> {
                err.println("sessions: there is no session for that conversation on " + SessionsTopic.NAME);
                yield ExitCode.NOT_FOUND;
            }
        };
    }

    private static ExitCode all(SessionsTopic topic, PrintStream out, PrintStream err)
            throws BrokerException, InterruptedException {
        SessionCounts counts = topic.count();
        counts.lines().forEach(out::println);
        if (counts.unreadable() > 0) {
            err.println("sessions: " + counts.unreadable() + " records could not be read and are not counted");
            return ExitCode.FAILED;
        }
        return ExitCode.OK;
    }

    /**
     * The arguments.
     *
     * @param conversationId as the topic is keyed
     * @param settings those that are for the settings
     */
    record Asked(Optional<String> conversationId, List<String> settings) {
        static Asked of(String... args) throws SettingsException {
            var settings = new ArrayList<String>();
            var ids = new ArrayList<String>();
            for (int i = 0; i < args.length; i++) {
                if (args[i].equals("--")) {
                    ids.addAll(List.of(args).subList(i + 1, args.length));
                    break;
                }
                if (!args[i].startsWith("-")) {
                    ids.add(args[i]);
                } else {
                    settings.add(args[i]);
                    if (args[i].equals("--config") && i + 1 < args.length) {
                        settings.add(args[++i]);
                    }
                }
            }
            if (ids.size() > 1) {
                throw new SettingsException(List.of("arguments: " + ids.size()
                        + " are no options; expected at most one, the id of a conversation"));
            }
            if (settings.contains("--print-config") || settings.contains("--help") || settings.contains("-h")) {
                throw new SettingsException(List.of(
                        "arguments: --help and --print-config are options of the scripts that start something"));
            }
            return new Asked(ids.stream().findFirst().map(Uuids::lowerCase), List.copyOf(settings));
        }
    }
}
