package io.guestflow.processor.config;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;

/**
 * Where Kafka is and how its clients get in.
 *
 * @param bootstrapServers {@code host:port} pairs separated by commas
 * @param brokerWait how long the start waits for a broker
 * @param sessionTimeout silence after which a member's partitions go to others
 * @param clientConfigs what {@code KAFKA_*} passes on, under Kafka's own names; passwords are of Kafka's type that hides them
 */
public record KafkaSettings(
        String bootstrapServers, Duration brokerWait, Duration sessionTimeout, Map<String, Object> clientConfigs) {

    public KafkaSettings {
        clientConfigs = Map.copyOf(clientConfigs);
    }

    /**
     * Reads only these settings, for a program that looks at Kafka and is no processor; it takes the processor's file too.
     *
     * @throws SettingsException listing everything that is wrong with them
     */
    public static KafkaSettings load(String[] args, Map<String, String> environment, TextFiles files)
            throws SettingsException {
        return SettingsLoader.loadKafka(args, environment, files);
    }

    /** What a consumer knows of it, the servers included. */
    public Map<String, Object> forConsumer() {
        return knownTo(ConsumerConfig.configNames());
    }

    /** What a producer knows of it, the servers included. */
    public Map<String, Object> forProducer() {
        return knownTo(ProducerConfig.configNames());
    }

    /** What an admin client knows of it, the servers included. */
    public Map<String, Object> forAdmin() {
        return knownTo(AdminClientConfig.configNames());
    }

    /** All of it, the servers included: Streams hands each of its clients what that client knows. */
    public Map<String, Object> forStreams() {
        return knownTo(clientConfigs.keySet());
    }

    private Map<String, Object> knownTo(Set<String> names) {
        var configs = new LinkedHashMap<>(clientConfigs);
        configs.keySet().retainAll(names);
        configs.put(ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers);
        return Map.copyOf(configs);
    }
}
