package io.guestflow.processor.effects;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.guestflow.contracts.RecordHeaders;
import io.guestflow.contracts.Topics;
import io.guestflow.contracts.auth.AuthCommand;
import io.guestflow.contracts.auth.AuthCommand.Authenticate;
import io.guestflow.contracts.auth.AuthOutcome;
import io.guestflow.contracts.auth.AuthOutcome.ConversationCreated;
import io.guestflow.contracts.auth.Consent;
import java.time.Instant;
import java.util.Map;
import org.apache.kafka.clients.producer.ProducerRecord;

/** Made-up commands and outcomes. */
final class AuthCommands {
    static final Instant NOW = Instant.parse("2026-11-22T07:00:00Z");
    static final Instant FAR = Instant.parse("2099-01-01T00:00:00Z");
    static final String TRACEPARENT = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";

    private AuthCommands() {}

    static AuthCommand command(String id, String guest) {
        return command(id, guest, FAR);
    }

    static AuthCommand command(String id, String guest, Instant deadline) {
        return new Authenticate(
                id, "ref-" + id, "request-" + id, guest, 1, "web", new Consent(true, NOW, "v1"), Map.of(), deadline);
    }

    static AuthOutcome created(AuthCommand command) {
        return new ConversationCreated(
                command.commandId(),
                command.requestId(),
                command.guestId(),
                "conv-" + command.commandId(),
                NOW.plusSeconds(3600),
                201,
                true,
                2,
                NOW);
    }

    static ProducerRecord<byte[], byte[]> record(int partition, AuthCommand command) {
        return record(partition, command.guestId(), AuthCommand.CODEC.write(command));
    }

    static ProducerRecord<byte[], byte[]> record(int partition, String key, byte[] value) {
        var record = new ProducerRecord<>(Topics.CXONE_AUTH_COMMANDS.name(), partition, key.getBytes(UTF_8), value);
        record.headers()
                .add(RecordHeaders.SCHEMA, "cxone-auth-command/1".getBytes(UTF_8))
                .add(RecordHeaders.TRACEPARENT, TRACEPARENT.getBytes(UTF_8))
                .add(RecordHeaders.CORRELATION_ID, "order-7".getBytes(UTF_8));
        return record;
    }
}
