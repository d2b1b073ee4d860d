package io.guestflow.contracts;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.guestflow.contracts.Samples.Sample;
import io.guestflow.contracts.auth.Consent;
import io.guestflow.contracts.auth.GuestAuthRequest;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.IntNode;

/** A record that was handed on stays as it was, whatever becomes of the collections that it was made of. */
class RecordCopyTest {
    @ParameterizedTest
    @MethodSource("samplesWithCollections")
    void whoeverMadeARecordCannotChangeItAfterwards(Sample sample) throws ReflectiveOperationException {
        Record original = (Record) sample.codec().read(sample.bytes());
        RecordComponent[] components = original.getClass().getRecordComponents();
        Object[] arguments = new Object[components.length];
        for (int i = 0; i < components.length; i++) {
            Object value = components[i].getAccessor().invoke(original);
            arguments[i] = value instanceof List<?> list
                    ? new ArrayList<>(list)
                    : value instanceof Map<?, ?> map ? new LinkedHashMap<>(map) : value;
        }
        Class<?>[] types = Stream.of(components).map(RecordComponent::getType).toArray(Class<?>[]::new);
        Object copy = original.getClass().getDeclaredConstructor(types).newInstance(arguments);
        for (Object argument : arguments) {
            if (argument instanceof List<?> list) {
                list.add(null);
            } else if (argument instanceof LinkedHashMap<?, ?> map) {
                map.put(null, null);
            }
        }
        assertEquals(original, copy);
    }

    @ParameterizedTest
    @MethodSource("samplesWithCollections")
    void whoeverGotARecordCannotChangeIt(Sample sample) throws ReflectiveOperationException {
        Record read = (Record) sample.codec().read(sample.bytes());
        int collections = 0;
        for (RecordComponent component : read.getClass().getRecordComponents()) {
            Object value = component.getAccessor().invoke(read);
            if (value instanceof List<?> list) {
                collections++;
                assertThrows(UnsupportedOperationException.class, () -> list.add(null), component.getName());
            } else if (value instanceof Map<?, ?> map) {
                collections++;
                assertThrows(UnsupportedOperationException.class, () -> map.put(null, null), component.getName());
            }
        }
        assertTrue(collections > 0);
    }

    @Test
    void theContextKeepsItsOrder() {
        Map<String, JsonNode> context = new LinkedHashMap<>();
        List<String> keys = Stream.of("z", "a", "m", "b", "y", "c", "x", "d").toList();
        keys.forEach(key -> context.put(key, IntNode.valueOf(1)));
        GuestAuthRequest request = new GuestAuthRequest("r", "g", "c", new Consent(true, null, null), context, null);
        assertEquals(keys, List.copyOf(request.context().keySet()));
        GuestAuthRequest again = GuestAuthRequest.CODEC.read(GuestAuthRequest.CODEC.write(request));
        assertEquals(keys, List.copyOf(again.context().keySet()));
    }

    static List<Sample> samplesWithCollections() {
        return Samples.all().stream()
                .filter(sample -> Stream.of(
                                sample.codec().read(sample.bytes()).getClass().getRecordComponents())
                        .map(RecordComponent::getType)
                        .anyMatch(type -> type == List.class || type == Map.class))
                .toList();
    }
}
