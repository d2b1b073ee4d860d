package io.guestflow.processor.config;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Turns what was given into {@link Settings}; collects every problem before it gives up. */
final class SettingsLoader {
    private final GivenValues given;
    private final ValueReader reader;
    private final List<String> problems;
    private final List<String> warnings = new ArrayList<>();

    private SettingsLoader(GivenValues given, TextFiles files, List<String> problems) {
        this.given = given;
        this.problems = problems;
        this.reader = new ValueReader(given, files, problems);
    }

    static Settings load(String[] args, Map<String, String> environment, TextFiles files) throws SettingsException {
        var problems = new ArrayList<String>();
        CommandLine commandLine = CommandLine.parse(args, problems);
        Map<String, String> file = commandLine
                .file()
                .map(path -> ConfigFile.read(path, files, problems))
                .orElse(Map.of());
        return new SettingsLoader(new GivenValues(commandLine.values(), environment, file), files, problems).load();
    }

    /** Only what reaching Kafka needs; other settings may be there, are not required and not looked at. */
    static KafkaSettings loadKafka(String[] args, Map<String, String> environment, TextFiles files)
            throws SettingsException {
        var problems = new ArrayList<String>();
        CommandLine commandLine = CommandLine.parse(args, problems);
        Map<String, String> file = commandLine
                .file()
                .map(path -> ConfigFile.read(path, files, problems))
                .orElse(Map.of());
        return new SettingsLoader(new GivenValues(commandLine.values(), environment, file), files, problems)
                .loadKafka();
    }

    private KafkaSettings loadKafka() throws SettingsException {
        NameCheck.check(given, problems, warnings);
        if (reader.read(Catalogue.BOOTSTRAP_SERVERS).isEmpty() && !reader.isGiven(Catalogue.BOOTSTRAP_SERVERS)) {
            problems.add(missing(Catalogue.BOOTSTRAP_SERVERS));
        }
        reader.read(Catalogue.BROKER_WAIT);
        reader.read(Catalogue.SESSION_TIMEOUT);
        Map<String, Object> clientConfigs = reader.readClientConfigs();
        if (!problems.isEmpty()) {
            throw new SettingsException(problems);
        }
        return kafka(clientConfigs);
    }

    private KafkaSettings kafka(Map<String, Object> clientConfigs) {
        return new KafkaSettings(
                value(Catalogue.BOOTSTRAP_SERVERS),
                value(Catalogue.BROKER_WAIT),
                value(Catalogue.SESSION_TIMEOUT),
                clientConfigs);
    }

    private Settings load() throws SettingsException {
        NameCheck.check(given, problems, warnings);
        Set<Role> roles = reader.read(Catalogue.ROLES).orElse(Set.of());
        for (Setting<?> setting : Catalogue.ALL) {
            reader.read(setting);
            if (!reader.isGiven(setting)
                    && setting.defaultText().isEmpty()
                    && (setting.requiredAlways()
                            || setting.requiredBy().stream().anyMatch(roles::contains))) {
                problems.add(missing(setting));
            }
        }
        Map<String, Object> clientConfigs = reader.readClientConfigs();
        checkTimeouts();
        checkAlertRates();
        if (!problems.isEmpty()) {
            throw new SettingsException(problems);
        }
        warnOfClearText();
        return settings(roles, clientConfigs);
    }

    private static String missing(Setting<?> setting) {
        String why = setting.requiredAlways()
                ? ""
                : " by role " + setting.requirement().substring("required by ".length());
        String where = setting.secret() ? " (or " + setting.fileName() + ")" : "";
        return setting.name() + where + ": is not set and required" + why + "; expected "
                + setting.type().expected();
    }

    private void checkTimeouts() {
        var call = reader.read(Catalogue.CXONE_CALL_TIMEOUT);
        var connect = reader.read(Catalogue.CXONE_CONNECT_TIMEOUT);
        if (call.isPresent() && connect.isPresent() && connect.get().compareTo(call.get()) > 0) {
            problems.add(Catalogue.CXONE_CONNECT_TIMEOUT.name() + ": " + Quantities.shown(connect.get())
                    + " is longer than " + Catalogue.CXONE_CALL_TIMEOUT.name() + " (" + Quantities.shown(call.get())
                    + "), which includes connecting; expected no more than that");
        }
    }

    private void checkAlertRates() {
        var rate = reader.read(Catalogue.ALERTS_RATE);
        var resolve = reader.read(Catalogue.ALERTS_RESOLVE_RATE);
        if (rate.isPresent() && resolve.isPresent() && resolve.get() > rate.get()) {
            problems.add(Catalogue.ALERTS_RESOLVE_RATE.name() + ": " + Quantities.shown(resolve.get())
                    + " is higher than " + Catalogue.ALERTS_RATE.name() + " (" + Quantities.shown(rate.get())
                    + "), so an alert would be over before it fires; expected no more than that");
        }
    }

    /** Half of the rate above which an alert fires leaves room between them. */
    private double alertsResolveRate() {
        return reader.read(Catalogue.ALERTS_RESOLVE_RATE).orElseGet(() -> value(Catalogue.ALERTS_RATE) / 2);
    }

    private void warnOfClearText() {
        reader.read(Catalogue.CXONE_BASE_URL)
                .filter(url -> "http".equalsIgnoreCase(url.getScheme()))
                .filter(url ->
                        !url.getHost().equals("localhost") && !url.getHost().matches("127\\..*|\\[::1]"))
                .ifPresent(url -> warnings.add(Catalogue.CXONE_BASE_URL.name()
                        + " is http and not on this machine: the client secret crosses the network in clear text"));
    }

    private Settings settings(Set<Role> roles, Map<String, Object> clientConfigs) {
        return new Settings(
                roles,
                reader.read(Catalogue.REF_KEY),
                new Settings.Instance(
                        value(Catalogue.STATE_DIR), reader.read(Catalogue.INSTANCE_ID), value(Catalogue.ON_STOP)),
                kafka(clientConfigs),
                new Settings.Topics(
                        value(Catalogue.TOPICS_CREATE),
                        value(Catalogue.TOPICS_PARTITIONS),
                        value(Catalogue.TOPICS_REPLICATION),
                        value(Catalogue.AUDIT_ON_LOST_STATE)),
                cxone(),
                new Settings.Auth(
                        value(Catalogue.AUTH_REMEMBER_FOR),
                        value(Catalogue.AUTH_TIMEOUT),
                        value(Catalogue.AUTH_PENDING_PER_GUEST),
                        value(Catalogue.CHANNELS_ALLOWED),
                        value(Catalogue.CONSENT_POLICIES)),
                new Settings.Context(
                        value(Catalogue.CONTEXT_POLICY),
                        value(Catalogue.CONTEXT_KEYS),
                        value(Catalogue.CONTEXT_RETRY_FOR)),
                new Settings.Webhooks(value(Catalogue.CONVERSATION_ID_FROM)),
                new Settings.Sessions(
                        value(Catalogue.SESSION_REFRESH_THRESHOLD),
                        value(Catalogue.SESSION_MAX_LIFETIME),
                        value(Catalogue.SESSION_TOMBSTONE_AFTER),
                        value(Catalogue.SESSION_ACTIVITY),
                        value(Catalogue.SESSION_HELD_FOR),
                        value(Catalogue.SESSION_HELD_MOST)),
                new Settings.Analytics(
                        value(Catalogue.ANALYTICS_WINDOWS),
                        value(Catalogue.ANALYTICS_GRACE),
                        value(Catalogue.ANALYTICS_DIMENSIONS),
                        value(Catalogue.ANALYTICS_VALUES_MOST),
                        value(Catalogue.ANALYTICS_RETENTION)),
                new Settings.Alerts(
                        value(Catalogue.ALERTS_WINDOW),
                        value(Catalogue.ALERTS_RATE),
                        alertsResolveRate(),
                        value(Catalogue.ALERTS_MIN_VOLUME),
                        value(Catalogue.ALERTS_MIN_REFRESHES),
                        value(Catalogue.ALERTS_MAX_CHANNELS)),
                new Settings.Measure(
                        value(Catalogue.MEASURE),
                        value(Catalogue.MEASURE_BATCH_WAIT),
                        value(Catalogue.MEASURE_RETRY_AFTER),
                        value(Catalogue.MEASURE_GIVE_UP_AFTER)),
                new Settings.Streams(
                        value(Catalogue.PROCESSING_GUARANTEE),
                        value(Catalogue.TRANSACTION_GAP),
                        value(Catalogue.STREAM_THREADS),
                        value(Catalogue.ROCKSDB_MEMORY)),
                new Settings.Effects(value(Catalogue.EFFECTS_IN_FLIGHT)),
                new Settings.Http(value(Catalogue.HTTP_HOST), value(Catalogue.HTTP_PORT)),
                new Settings.Log(value(Catalogue.LOG_FORMAT), value(Catalogue.LOG_LEVEL)),
                new Report(reader.lines(), warnings));
    }

    private Optional<Settings.CXone> cxone() {
        var url = reader.read(Catalogue.CXONE_BASE_URL);
        var clientId = reader.read(Catalogue.CXONE_CLIENT_ID);
        var clientSecret = reader.read(Catalogue.CXONE_CLIENT_SECRET);
        if (url.isEmpty() || clientId.isEmpty() || clientSecret.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(new Settings.CXone(
                value(Catalogue.CXONE_PROFILE),
                url.get(),
                clientId.get(),
                clientSecret.get(),
                value(Catalogue.CXONE_SCOPES),
                value(Catalogue.CXONE_CALLS_PER_SECOND),
                value(Catalogue.CXONE_CALL_TIMEOUT),
                value(Catalogue.CXONE_CONNECT_TIMEOUT),
                value(Catalogue.CXONE_HTTP_VERSION),
                value(Catalogue.CXONE_INITIAL_QUEUE_IDS)));
    }

    /** The value of a setting that has one for certain: it has a default or is always required. */
    private <T> T value(Setting<T> setting) {
        return reader.read(setting).orElseThrow();
    }
}
