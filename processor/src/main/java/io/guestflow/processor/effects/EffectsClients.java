package io.guestflow.processor.effects;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.GroupProtocol;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.RangeAssignor;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * The Kafka clients of effects: what the operator configured, and over it what the guarantees need.
 *
 * <p>Threading: immutable.
 */
public final class EffectsClients {
    /** The poll thread never waits longer than some seconds, so a minute without a poll means that it hangs. */
    private static final Duration MAX_POLL_INTERVAL = Duration.ofMinutes(1);

    private final Map<String, Object> forConsumers;
    private final Map<String, Object> forProducers;
    private final EffectsSettings settings;

    /** For settings that consumers and producers share. */
    public EffectsClients(Map<String, Object> common, EffectsSettings settings) {
        this(common, common, settings);
    }

    /** Both maps hold the bootstrap servers, security where it is needed, and what else the operator set. */
    public EffectsClients(
            Map<String, Object> forConsumers, Map<String, Object> forProducers, EffectsSettings settings) {
        this.forConsumers = Map.copyOf(forConsumers);
        this.forProducers = Map.copyOf(forProducers);
        this.settings = settings;
    }

    /**
     * The producer of outcomes, pauses and dead letters. It waits for a lost broker as long as it takes: an outcome that
     * is given up would be a call that is made again.
     */
    public Producer<byte[], byte[]> producer() {
        return new KafkaProducer<>(producerConfig(), new ByteArraySerializer(), new ByteArraySerializer());
    }

    EffectsSettings settings() {
        return settings;
    }

    Consumer<byte[], byte[]> commands() {
        return new KafkaConsumer<>(commandsConfig(), new ByteArrayDeserializer(), new ByteArrayDeserializer());
    }

    /** A consumer without a group, which is assigned its partitions by hand. */
    Consumer<byte[], byte[]> reader(String name) {
        return new KafkaConsumer<>(readerConfig(name), new ByteArrayDeserializer(), new ByteArrayDeserializer());
    }

    Map<String, Object> producerConfig() {
        Map<String, Object> config = named(forProducers, "outcomes");
        config.put(ProducerConfig.ACKS_CONFIG, "all");
        config.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, true);
        config.put(ProducerConfig.LINGER_MS_CONFIG, 0);
        config.put(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, Integer.MAX_VALUE);
        config.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, Long.MAX_VALUE);
        return config;
    }

    Map<String, Object> commandsConfig() {
        Map<String, Object> config = named(forConsumers, "commands");
        config.put(ConsumerConfig.GROUP_ID_CONFIG, settings.groupId());
        config.put(ConsumerConfig.GROUP_INSTANCE_ID_CONFIG, settings.instanceId());
        config.put(ConsumerConfig.GROUP_PROTOCOL_CONFIG, GroupProtocol.CLASSIC.name());
        // The same partition numbers of all command topics go to the same instance, so that its share of one lane is
        // its share of every lane.
        config.put(ConsumerConfig.PARTITION_ASSIGNMENT_STRATEGY_CONFIG, RangeAssignor.class.getName());
        config.put(
                ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG,
                Math.toIntExact(settings.sessionTimeout().toMillis()));
        config.put(
                ConsumerConfig.HEARTBEAT_INTERVAL_MS_CONFIG,
                Math.toIntExact(settings.sessionTimeout().toMillis() / 3));
        config.put(ConsumerConfig.MAX_POLL_INTERVAL_MS_CONFIG, Math.toIntExact(MAX_POLL_INTERVAL.toMillis()));
        config.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, EffectsSettings.BATCH);
        config.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, IsolationLevel.READ_COMMITTED.toString());
        config.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
        readsOnly(config);
        return config;
    }

    Map<String, Object> readerConfig(String name) {
        Map<String, Object> config = named(forConsumers, name);
        // Nothing here is written in a transaction; and an open one must not hide what is read back.
        config.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, IsolationLevel.READ_UNCOMMITTED.toString());
        config.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
        readsOnly(config);
        return config;
    }

    private static void readsOnly(Map<String, Object> config) {
        config.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
        config.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false);
    }

    private Map<String, Object> named(Map<String, Object> given, String name) {
        Map<String, Object> config = new HashMap<>(given);
        config.put(CommonClientConfigs.CLIENT_ID_CONFIG, settings.instanceId() + "-" + name);
        return config;
    }
}
