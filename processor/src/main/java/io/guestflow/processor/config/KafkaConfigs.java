package io.guestflow.processor.config;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigException;

/** The client settings that Kafka itself knows, under their {@code KAFKA_*} names, and those of them that are not for the taking. */
final class KafkaConfigs {
    static final String PREFIX = "KAFKA_";

    private static final String ORDER = "nothing may be lost, repeated or overtaken";
    private static final String OFFSETS = "offsets are committed with the results they belong to";
    private static final String GROUPS = "groups and their assignment decide who works on which guest";
    private static final String FORMAT = "topics have one format";
    private static final String PLACE = "every record names its partition";
    private static final String LATENCY = "a guest is waiting: nothing may be held back to fill a batch";
    private static final String PATIENCE = "giving up early makes Streams wipe its state and read all of it again";

    /** Settings that the guarantees own, and why. */
    static final Map<String, String> OWNED = owned();

    /** Every setting of consumer, producer or admin client, under its {@code KAFKA_*} name; owned ones too. */
    static final Map<String, ConfigDef.ConfigKey> KNOWN = known();

    private KafkaConfigs() {}

    static String settingOf(String config) {
        return PREFIX + config.toUpperCase(Locale.ROOT).replace('.', '_');
    }

    static boolean isSecret(ConfigDef.ConfigKey key) {
        return key.type == ConfigDef.Type.PASSWORD;
    }

    /** Reads a text as Kafka will read it. */
    static Object parse(ConfigDef.ConfigKey key, String text) throws BadValue {
        try {
            Object value = ConfigDef.parseType(key.name, text, key.type);
            if (key.validator != null) {
                key.validator.ensureValid(key.name, value);
            }
            // As text, except for a password, whose own type keeps it out of every print.
            return isSecret(key) ? value : text.strip();
        } catch (ConfigException e) {
            throw new BadValue(isSecret(key) ? "is refused by Kafka" : "is refused by Kafka: " + e.getMessage());
        }
    }

    static Optional<String> whyOwned(ConfigDef.ConfigKey key) {
        return Optional.ofNullable(OWNED.get(key.name));
    }

    private static Map<String, ConfigDef.ConfigKey> known() {
        var known = new TreeMap<String, ConfigDef.ConfigKey>();
        for (ConfigDef def :
                new ConfigDef[] {ConsumerConfig.configDef(), ProducerConfig.configDef(), AdminClientConfig.configDef()
                }) {
            for (ConfigDef.ConfigKey key : def.configKeys().values()) {
                if (!key.internalConfig && !key.name.equals(ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG)) {
                    known.putIfAbsent(settingOf(key.name), key);
                }
            }
        }
        return Collections.unmodifiableMap(known);
    }

    private static Map<String, String> owned() {
        var owned = new LinkedHashMap<String, String>();
        put(owned, ORDER, ProducerConfig.ACKS_CONFIG, ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG);
        put(owned, ORDER, ProducerConfig.MAX_IN_FLIGHT_REQUESTS_PER_CONNECTION, ProducerConfig.RETRIES_CONFIG);
        put(owned, ORDER, ProducerConfig.TRANSACTIONAL_ID_CONFIG, ProducerConfig.TRANSACTION_TIMEOUT_CONFIG);
        put(owned, ORDER, ProducerConfig.TRANSACTION_TWO_PHASE_COMMIT_ENABLE_CONFIG);
        put(owned, ORDER, ConsumerConfig.ISOLATION_LEVEL_CONFIG, ConsumerConfig.CHECK_CRCS_CONFIG);
        put(owned, OFFSETS, ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, ConsumerConfig.AUTO_COMMIT_INTERVAL_MS_CONFIG);
        put(owned, OFFSETS, ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, ConsumerConfig.MAX_POLL_RECORDS_CONFIG);
        put(owned, OFFSETS, ConsumerConfig.MAX_POLL_INTERVAL_MS_CONFIG);
        put(owned, GROUPS, ConsumerConfig.GROUP_ID_CONFIG, ConsumerConfig.GROUP_PROTOCOL_CONFIG);
        put(owned, GROUPS, ConsumerConfig.GROUP_REMOTE_ASSIGNOR_CONFIG);
        put(owned, GROUPS, ConsumerConfig.PARTITION_ASSIGNMENT_STRATEGY_CONFIG);
        put(owned, "metrics tell the clients apart by it", ConsumerConfig.CLIENT_ID_CONFIG);
        put(owned, "set GUESTFLOW_INSTANCE_ID", ConsumerConfig.GROUP_INSTANCE_ID_CONFIG);
        put(owned, "set GUESTFLOW_GROUP_SESSION_TIMEOUT", ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG);
        put(owned, "it follows from GUESTFLOW_GROUP_SESSION_TIMEOUT", ConsumerConfig.HEARTBEAT_INTERVAL_MS_CONFIG);
        put(owned, "no share consumer is used", ConsumerConfig.SHARE_ACKNOWLEDGEMENT_MODE_CONFIG);
        put(owned, "no share consumer is used", ConsumerConfig.SHARE_ACQUIRE_MODE_CONFIG);
        put(
                owned,
                FORMAT,
                ConsumerConfig.KEY_DESERIALIZER_CLASS_CONFIG,
                ConsumerConfig.VALUE_DESERIALIZER_CLASS_CONFIG);
        put(owned, FORMAT, ProducerConfig.KEY_SERIALIZER_CLASS_CONFIG, ProducerConfig.VALUE_SERIALIZER_CLASS_CONFIG);
        put(owned, PLACE, ProducerConfig.PARTITIONER_CLASS_CONFIG, ProducerConfig.PARTITIONER_IGNORE_KEYS_CONFIG);
        put(owned, PLACE, ProducerConfig.PARTITIONER_ADAPTIVE_PARTITIONING_ENABLE_CONFIG);
        put(owned, PLACE, ProducerConfig.PARTITIONER_AVAILABILITY_TIMEOUT_MS_CONFIG);
        put(owned, LATENCY, ProducerConfig.LINGER_MS_CONFIG, ConsumerConfig.FETCH_MIN_BYTES_CONFIG);
        put(owned, LATENCY, ConsumerConfig.FETCH_MAX_WAIT_MS_CONFIG);
        put(owned, PATIENCE, ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, ProducerConfig.MAX_BLOCK_MS_CONFIG);
        put(
                owned,
                "topics are created by the start (GUESTFLOW_TOPICS_CREATE), never by a fetch",
                ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG,
                ConsumerConfig.EXCLUDE_INTERNAL_TOPICS_CONFIG);
        put(
                owned,
                "one name would set two different interfaces, of consumers and of producers",
                ConsumerConfig.INTERCEPTOR_CLASSES_CONFIG);
        put(owned, "secrets come from NAME_FILE", AdminClientConfig.CONFIG_PROVIDERS_CONFIG);
        put(
                owned,
                "the process speaks to brokers; set KAFKA_BOOTSTRAP_SERVERS",
                AdminClientConfig.BOOTSTRAP_CONTROLLERS_CONFIG);
        return Collections.unmodifiableMap(owned);
    }

    private static void put(Map<String, String> owned, String why, String... configs) {
        for (String config : configs) {
            owned.put(config, why);
        }
    }
}
