package io.guestflow.processor.effects;

import org.apache.kafka.common.errors.AuthenticationException;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.FencedInstanceIdException;
import org.apache.kafka.common.errors.GroupAuthorizationException;
import org.apache.kafka.common.errors.TopicAuthorizationException;

/** Says what ended the consumption of commands, and what to do. */
final class GroupFailure {
    private GroupFailure() {}

    static String line(RuntimeException failure, EffectsSettings settings) {
        return switch (failure) {
            case FencedInstanceIdException fenced ->
                "another process has taken the instance id " + settings.instanceId()
                        + ": give each process an instance id and a state directory of its own";
            case GroupAuthorizationException denied ->
                "not allowed to use the consumer group " + settings.groupId() + ": grant Read on the group";
            case TopicAuthorizationException denied ->
                "not allowed to read " + denied.unauthorizedTopics() + ": grant Read and Describe on the topics";
            case AuthorizationException denied -> "not allowed to consume commands: " + denied.getMessage();
            case AuthenticationException refused ->
                "the broker refuses this client's credentials: " + refused.getMessage();
            default -> "commands cannot be consumed any more: " + failure;
        };
    }
}
