package io.guestflow.processor.sandbox.bench.sessions;

import io.guestflow.processor.sandbox.load.GuestAuthWorkload;
import io.guestflow.processor.sandbox.webhooks.Talk;
import java.nio.charset.StandardCharsets;
import org.apache.kafka.common.utils.Utils;

/**
 * Numbered conversations of one purpose, each with a guest of its own.
 *
 * @param name unlike any other's of the run
 */
public record Crowd(String name) {

    public String conversation(int number) {
        return name + "-" + number;
    }

    public String guest(int number) {
        return "guest-of-" + conversation(number);
    }

    public Talk talk(int number) {
        return new Talk(conversation(number), GuestAuthWorkload.CHANNEL, null);
    }

    /** The number of one of its conversations, -1 for any other. */
    public int number(String conversation) {
        return conversation.length() > name.length() + 1
                        && conversation.startsWith(name)
                        && conversation.charAt(name.length()) == '-'
                ? Integer.parseInt(conversation, name.length() + 1, conversation.length(), 10)
                : -1;
    }

    /** Where the record with that key lies. */
    static int partition(String key, int partitions) {
        return Utils.toPositive(Utils.murmur2(key.getBytes(StandardCharsets.UTF_8))) % partitions;
    }
}
