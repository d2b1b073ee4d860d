package io.guestflow.processor.effects.cxone;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.net.URI;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.node.JsonNodeFactory;

final class HttpSettingsTest {

    private static HttpSettings at(String baseUrl) {
        return HttpSettings.of(URI.create(baseUrl), "client", "top-secret", List.of("chat"));
    }

    @ParameterizedTest
    @CsvSource({
        "https://api.example.test, https://api.example.test/x",
        "https://api.example.test/, https://api.example.test/x",
        "http://127.0.0.1:8080/base, http://127.0.0.1:8080/base/x",
        "http://127.0.0.1:8080/base/, http://127.0.0.1:8080/base/x"
    })
    void pathsAreJoinedWithOneSlash(String base, String joined) {
        assertEquals(URI.create(joined), at(base).resolve("/x"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"ftp://h", "h", "/path", "https://user:pw@h", "https://h?q=1", "https://h#f", "mailto:a@b.test"})
    void whatIsNoBaseUrlIsRefused(String base) {
        assertThrows(IllegalArgumentException.class, () -> at(base));
    }

    @Test
    void emptyCredentialsAreRefused() {
        URI base = URI.create("https://h");
        assertThrows(IllegalArgumentException.class, () -> HttpSettings.of(base, " ", "s", List.of("chat")));
        assertThrows(IllegalArgumentException.class, () -> HttpSettings.of(base, "c", "", List.of("chat")));
    }

    @ParameterizedTest
    @CsvSource({
        "http://cxone.example.test, true",
        "https://cxone.example.test, false",
        "http://127.0.0.1:1, false",
        "http://localhost, false",
        "http://[::1]:9, false"
    })
    void plainHttpToAnotherMachineIsKnown(String base, boolean clear) {
        assertEquals(clear, at(base).secretsTravelInClear());
    }

    @Test
    void neitherSecretNorGuestNorValuesAreInAnyText() {
        assertFalse(at("https://h").toString().contains("top-secret"));
        CreateConversation create = new CreateConversation("web-1", "guest-77", Instant.EPOCH, null, "ref.create");
        assertFalse(create.toString().contains("guest-77"));
        InjectContext inject = new InjectContext(
                "conv-1",
                Map.of("segment", JsonNodeFactory.instance.stringNode("vip")),
                new ContextHeaders("segment=vip", ""),
                "ref.context");
        assertFalse(inject.toString().contains("vip"));
    }
}
