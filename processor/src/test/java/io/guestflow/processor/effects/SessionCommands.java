package io.guestflow.processor.effects;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.guestflow.contracts.RecordHeaders;
import io.guestflow.contracts.Topics;
import io.guestflow.contracts.session.SessionCommand;
import java.time.Instant;
import java.util.Map;
import org.apache.kafka.clients.producer.ProducerRecord;
import tools.jackson.databind.node.JsonNodeFactory;

/** Made-up commands of sessions. */
final class SessionCommands {
    static final Instant NOW = Instant.parse("2026-11-22T07:00:00Z");
    static final Instant FAR = Instant.parse("2099-01-01T00:00:00Z");

    private SessionCommands() {}

    static SessionCommand.Refresh refresh(String id, String conversationId) {
        return refresh(id, conversationId, FAR, FAR);
    }

    static SessionCommand.Refresh refresh(String id, String conversationId, Instant expiresAt, Instant deadline) {
        return new SessionCommand.Refresh(
                id, conversationId, 0, "guest-1", "web", "v2.1", expiresAt, 1, deadline, id + ".key");
    }

    static SessionCommand inject(String id, String conversationId) {
        return new SessionCommand.InjectContext(
                id,
                conversationId,
                0,
                Map.of("segment", JsonNodeFactory.instance.stringNode("vip")),
                1,
                FAR,
                id + ".key");
    }

    static SessionCommand close(String id, String conversationId) {
        return new SessionCommand.Close(id, conversationId, 0, "CONSENT_WITHDRAWN", FAR, id + ".key");
    }

    static ProducerRecord<byte[], byte[]> record(int partition, SessionCommand command) {
        var record = new ProducerRecord<>(
                Topics.CXONE_SESSION_COMMANDS.name(),
                partition,
                command.conversationId().getBytes(UTF_8),
                SessionCommand.CODEC.write(command));
        record.headers().add(RecordHeaders.SCHEMA, SessionCommand.CODEC.schema().getBytes(UTF_8));
        return record;
    }
}
