package io.guestflow.processor.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.StringReader;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SettingsLoadTest {
    @Test
    void theCommandLineBeatsTheEnvironmentBeatsTheFileBeatsTheDefault() throws SettingsException {
        Given given = Given.minimum();
        assertEquals(8080, given.load().http().port());

        given.settingsFile("GUESTFLOW_HTTP_PORT=1", "GUESTFLOW_HTTP_HOST=file.example.com");
        assertEquals(1, given.load().http().port());

        given.environment("GUESTFLOW_HTTP_PORT", "2");
        assertEquals(2, given.load().http().port());

        given.args("--GUESTFLOW_HTTP_PORT=3");
        assertEquals(3, given.load().http().port());

        given.args("--GUESTFLOW_HTTP_PORT=4");
        assertEquals(4, given.load().http().port(), "of two arguments with one name the last one counts");
        assertEquals("file.example.com", given.load().http().host());
    }

    @Test
    void allProblemsAreReportedAtOnceEachNamingItsSetting() {
        List<String> problems = Given.nothing()
                .environment("GUESTFLOW_AUTH_TIMEOUT", "15")
                .environment("GUESTFLOW_HTTP_PORT", "eighty")
                .environment("CXONE_BASE_URL", "https://user:hunter2@cxone.example.com")
                .environment("KAFKA_ISOLATION_LEVEL", "read_uncommitted")
                .environment("KAFKA_REQUEST_TIMEOUT_MS", "soon")
                .settingsFile("GUESTFLOW_TOPIC_CREATE=false", "GUESTFLOW_ON_STOP=maybe")
                .args("--GUESTFLOW_REF_KEY=" + Given.KEY_A, "stray", "--GUESTFLOW_LOG_LEVEL")
                .problems();

        assertEquals(
                List.of(
                        "argument 4: is no option; expected --NAME=value, in one argument",
                        "--GUESTFLOW_LOG_LEVEL: has no value; expected --GUESTFLOW_LOG_LEVEL=value",
                        "GUESTFLOW_TOPIC_CREATE (file): is no setting; expected perhaps GUESTFLOW_TOPICS_CREATE",
                        "GUESTFLOW_REF_KEY (command line): everybody on the machine can read a command line; "
                                + "expected GUESTFLOW_REF_KEY in the environment or the file, or GUESTFLOW_REF_KEY_FILE",
                        "GUESTFLOW_ON_STOP (file): \"maybe\" is none of them; expected stay or leave",
                        "KAFKA_BOOTSTRAP_SERVERS: is not set and required; expected host:port pairs separated by commas, "
                                + "such as kafka-1:9092,kafka-2:9092",
                        "CXONE_BASE_URL (environment): holds a user or a password; expected an absolute URL such as "
                                + "https://api-us-02.example.com, without user, query and fragment",
                        "CXONE_CLIENT_ID: is not set and required by role effects; expected 1 to 512 characters "
                                + "without control characters",
                        "CXONE_CLIENT_SECRET (or CXONE_CLIENT_SECRET_FILE): is not set and required by role effects; "
                                + "expected the secret itself, or the path of a file that holds it, in NAME_FILE",
                        "GUESTFLOW_AUTH_TIMEOUT (environment): \"15\" has no unit; expected a duration from 100ms to 1m, "
                                + "such as 500ms, 6s, 15m, 12h, 7d or PT6S",
                        "GUESTFLOW_HTTP_PORT (environment): \"eighty\" is not a whole number of that size; "
                                + "expected a port from 0 to 65535 (0 takes any free one)",
                        "KAFKA_ISOLATION_LEVEL (environment): isolation.level is not for the taking, because nothing may "
                                + "be lost, repeated or overtaken; expected none",
                        "KAFKA_REQUEST_TIMEOUT_MS (environment): is refused by Kafka: Invalid value soon for "
                                + "configuration request.timeout.ms: Not a number of type INT; expected what Kafka's "
                                + "documentation says of request.timeout.ms"),
                problems);
    }

    @Test
    void theExceptionsMessageHoldsEveryProblem() {
        SettingsException one = new SettingsException(List.of("A: wrong"));
        SettingsException two = new SettingsException(List.of("A: wrong", "B: worse"));

        assertEquals("1 setting is wrong\n  A: wrong", one.getMessage());
        assertEquals("2 settings are wrong\n  A: wrong\n  B: worse", two.getMessage());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            streams               | GUESTFLOW_REF_KEY
            edge                  | GUESTFLOW_REF_KEY
            effects               | GUESTFLOW_REF_KEY, CXONE_BASE_URL, CXONE_CLIENT_ID, CXONE_CLIENT_SECRET
            streams,effects       | GUESTFLOW_REF_KEY, CXONE_BASE_URL, CXONE_CLIENT_ID, CXONE_CLIENT_SECRET
            """)
    void aRoleRequiresWhatItNeedsAndNoMore(String roles, String required) {
        List<String> problems =
                Given.nothing().environment("GUESTFLOW_ROLES", roles).problems();

        List<String> names = problems.stream()
                .map(problem -> problem.split("[ :]", 2)[0])
                .filter(name -> !name.equals("KAFKA_BOOTSTRAP_SERVERS"))
                .toList();
        assertEquals(List.of(required.split(", ")), names);
    }

    @Test
    void whatARoleDoesNotNeedMayBeAbsent() throws SettingsException {
        Settings streams = Given.minimum()
                .without("CXONE_CLIENT_SECRET")
                .environment("GUESTFLOW_ROLES", "streams")
                .load();

        assertEquals(Optional.empty(), streams.cxone());
        assertFalse(streams.runs(Role.EFFECTS));
    }

    @Test
    void whatARoleDoesNotNeedIsCheckedAllTheSame() {
        List<String> problems = Given.minimum()
                .environment("GUESTFLOW_ROLES", "streams")
                .environment("CXONE_CALL_TIMEOUT", "never")
                .problems();

        assertEquals(1, problems.size(), problems.toString());
        assertTrue(problems.getFirst().startsWith("CXONE_CALL_TIMEOUT (environment): \"never\" is no duration"));
    }

    @Test
    void anEmptyVariableCountsAsNotSet() throws SettingsException {
        Settings settings = Given.minimum()
                .settingsFile("GUESTFLOW_CHANNELS_ALLOWED=web-1")
                .environment("GUESTFLOW_CHANNELS_ALLOWED", "")
                .environment("GUESTFLOW_HTTP_PORT", " ")
                .load();

        assertEquals(
                Set.of("web-1"), settings.auth().channelsAllowed(), "an unset variable must not open all channels");
        assertEquals(8080, settings.http().port());
    }

    @Test
    void anEmptyArgumentEmptiesAListAndIsWrongForAnythingElse() throws SettingsException {
        Given given = Given.minimum()
                .environment("GUESTFLOW_CHANNELS_ALLOWED", "web-1")
                .args("--GUESTFLOW_CHANNELS_ALLOWED=");
        assertEquals(Set.of(), given.load().auth().channelsAllowed());

        List<String> problems = given.args("--GUESTFLOW_HTTP_PORT=").problems();
        assertTrue(problems.getFirst().startsWith("GUESTFLOW_HTTP_PORT (command line): is empty; expected a port"));
    }

    @Test
    void connectingMayNotTakeLongerThanTheCallThatIncludesIt() {
        List<String> problems =
                Given.minimum().environment("CXONE_CALL_TIMEOUT", "1s").problems();

        assertEquals(
                List.of("CXONE_CONNECT_TIMEOUT: 2s is longer than CXONE_CALL_TIMEOUT (1s), which includes connecting; "
                        + "expected no more than that"),
                problems);
    }

    @Test
    void anAlertIsNotOverAtAHigherRateThanItFiresAt() {
        assertEquals(
                List.of(
                        "GUESTFLOW_ALERTS_RESOLVE_RATE: 5.5% is higher than GUESTFLOW_ALERTS_RATE (5%), so an alert would"
                                + " be over before it fires; expected no more than that"),
                Given.minimum()
                        .environment("GUESTFLOW_ALERTS_RESOLVE_RATE", "5.5%")
                        .problems());
    }

    @Test
    void anAlertIsOverAtHalfOfItsRateUnlessItIsSaidOtherwise() throws SettingsException {
        Given given = Given.minimum().environment("GUESTFLOW_ALERTS_RATE", "2%");
        assertEquals(0.01, given.load().alerts().resolveRate());
        assertEquals(
                0.015,
                given.environment("GUESTFLOW_ALERTS_RESOLVE_RATE", "1.5%")
                        .load()
                        .alerts()
                        .resolveRate());
    }

    @Test
    void unknownNamesInTheEnvironmentAreOneWarning() throws SettingsException {
        Settings settings = Given.minimum()
                .environment("GUESTFLOW_PORT_8080_TCP", "tcp://10.0.0.1:8080")
                .environment("GUESTFLOW_HTTP_PROT", "1")
                .environment("PATH", "/bin")
                .load();

        assertEquals(
                List.of("ignored in the environment, because no setting has that name: "
                        + "GUESTFLOW_HTTP_PROT (did you mean GUESTFLOW_HTTP_PORT?), GUESTFLOW_PORT_8080_TCP"),
                settings.report().warnings());
    }

    @ParameterizedTest
    @CsvSource({
        "guestflow.http.port,perhaps GUESTFLOW_HTTP_PORT",
        "CXONE_CLIENT_SECERT,perhaps CXONE_CLIENT_SECRET",
        "GUESTFLOW_REFKEY_FILE,perhaps GUESTFLOW_REF_KEY_FILE",
        "KAFKA_SECURTY_PROTOCOL,perhaps KAFKA_SECURITY_PROTOCOL",
        "something.else,a name that --help lists",
    })
    void unknownNamesThatSomebodyWroteAreErrorsWithASuggestion(String name, String expected) {
        String problem = name + " (%s): is no setting; expected " + expected;

        assertEquals(
                List.of(problem.formatted("file")),
                Given.minimum().settingsFile(name + "=x").problems());
        assertEquals(
                List.of(problem.formatted("command line")),
                Given.minimum().args("--" + name + "=x").problems());
    }

    @Test
    void aSecretIsReadFromItsFileButForOneNewline() throws SettingsException {
        Given given = Given.minimum()
                .without("CXONE_CLIENT_SECRET")
                .environment("CXONE_CLIENT_SECRET_FILE", "/run/secrets/cxone")
                .file("/run/secrets/cxone", "two\nlines\n\n");

        Settings.CXone cxone = given.load().cxone().orElseThrow();

        assertEquals("two\nlines\n", cxone.clientSecret().reveal());
        given.file("/run/secrets/cxone", "windows\r\n");
        assertEquals(
                "windows", given.load().cxone().orElseThrow().clientSecret().reveal());
    }

    @Test
    void theReferenceKeysAreReadFromTheirFile() throws SettingsException {
        Settings settings = Given.minimum()
                .without("GUESTFLOW_REF_KEY")
                .file("keys", "b:" + Given.KEY_B + "\na:" + Given.KEY_A + "\n")
                .args("--GUESTFLOW_REF_KEY_FILE=keys")
                .load();

        assertEquals(Optional.of(RefKeysTest.keys("b", Given.KEY_B, "a", Given.KEY_A)), settings.refKeys());
    }

    @Test
    void aSecretAndItsFileTogetherAreAnError() {
        List<String> problems = Given.minimum()
                .settingsFile("CXONE_CLIENT_SECRET_FILE=secret")
                .file("secret", "other")
                .problems();

        assertEquals(
                List.of("CXONE_CLIENT_SECRET (environment) and CXONE_CLIENT_SECRET_FILE (file): both are set; "
                        + "expected one of them"),
                problems);
    }

    @Test
    void aSecretFileThatIsMissingOrEmptyIsNamed() {
        List<String> problems = Given.minimum()
                .without("CXONE_CLIENT_SECRET")
                .without("GUESTFLOW_REF_KEY")
                .environment("CXONE_CLIENT_SECRET_FILE", "missing")
                .environment("GUESTFLOW_REF_KEY_FILE", "empty")
                .file("empty", "\n")
                .problems();

        assertEquals(
                List.of(
                        "GUESTFLOW_REF_KEY_FILE (environment): \"empty\" is empty; expected the path of a readable file "
                                + "that holds the secret",
                        "CXONE_CLIENT_SECRET_FILE (environment): \"missing\" cannot be read (NoSuchFileException); "
                                + "expected the path of a readable file that holds the secret"),
                problems);
    }

    @Test
    void noProblemRepeatsASecret() {
        List<String> problems = Given.minimum()
                .environment("GUESTFLOW_REF_KEY", "hunter2:hunter2,hunter2")
                .args("--CXONE_CLIENT_SECRET=hunter2", "--CXONE_CLIENT_SECERT=hunter2", "hunter2")
                .environment("CXONE_BASE_URL", "https://hunter2:hunter2@x")
                .problems();

        assertTrue(problems.size() >= 5, problems.toString());
        assertFalse(problems.toString().contains("hunter2"), problems.toString());
    }

    @Test
    void theSettingsFileIsCheckedToo() {
        List<String> missing = Given.minimum().args("--config=nowhere").problems();
        List<String> nameless = Given.minimum().args("--config").problems();
        List<String> twice = Given.minimum()
                .settingsFile("GUESTFLOW_HTTP_PORT=1", "GUESTFLOW_HTTP_PORT=2")
                .problems();

        assertEquals(
                List.of("--config: cannot read nowhere (java.nio.file.NoSuchFileException: nowhere); "
                        + "expected a readable .properties file"),
                missing);
        assertEquals(List.of("--config: names no file; expected --config FILE"), nameless);
        assertEquals(
                List.of("GUESTFLOW_HTTP_PORT (file): stands twice in guestflow.properties; expected one line"), twice);
    }

    @Test
    void clearTextToAnotherMachineIsAWarning() throws SettingsException {
        Settings settings = Given.minimum()
                .environment("CXONE_BASE_URL", "http://cxone:8080")
                .load();

        assertEquals(1, settings.report().warnings().size());
        assertTrue(settings.report().warnings().getFirst().startsWith("CXONE_BASE_URL is http"));
    }

    @Test
    void thePrintedSettingsAreMaskedAndReadBack() throws Exception {
        Given given = Given.minimum()
                .environment("KAFKA_SASL_JAAS_CONFIG", "module required password=\"hunter2\";")
                .environment("KAFKA_SECURITY_PROTOCOL", "SASL_SSL")
                .environment("GUESTFLOW_CONTEXT_KEYS", "tier:text(16):^\\w+$")
                .args("--GUESTFLOW_AUTH_TIMEOUT=9s", "--print-config");

        String printed = assertInstanceOf(Launch.Print.class, given.launch()).text();

        assertFalse(printed.contains("hunter2") || printed.contains("hush-hush") || printed.contains(Given.KEY_A));
        var properties = new Properties();
        properties.load(new StringReader(printed));
        assertEquals("9s", properties.get("GUESTFLOW_AUTH_TIMEOUT"));
        assertEquals("tier:text(16):^\\w+$", properties.get("GUESTFLOW_CONTEXT_KEYS"));
        assertEquals("****", properties.get("KAFKA_SASL_JAAS_CONFIG"));
        assertEquals("****", properties.get("GUESTFLOW_REF_KEY"));
        assertEquals("SASL_SSL", properties.get("KAFKA_SECURITY_PROTOCOL"));
        assertTrue(printed.contains("# from the command line:\nGUESTFLOW_AUTH_TIMEOUT=9s\n"), printed);
        for (Setting<?> setting : Catalogue.ALL) {
            // What these are without a value is found out, or follows from another.
            boolean none = setting == Catalogue.INSTANCE_ID || setting == Catalogue.ALERTS_RESOLVE_RATE;
            assertEquals(!none, properties.containsKey(setting.name()), setting.name());
        }
    }

    @Test
    void helpIsPrintedWhateverElseIsWrongAndNamesEverySetting() throws SettingsException {
        String help = assertInstanceOf(
                        Launch.Print.class,
                        Given.nothing()
                                .args("--print-config", "--nonsense", "-h")
                                .launch())
                .text();

        for (Setting<?> setting : Catalogue.ALL) {
            assertTrue(help.contains("\n  " + setting.name() + " ("), setting.name());
        }
        assertTrue(help.contains("  GUESTFLOW_AUTH_TIMEOUT (15s)\n"), help);
        assertTrue(help.contains("  KAFKA_BOOTSTRAP_SERVERS (required)\n"), help);
    }

    @Test
    void withoutAQuestionTheProcessRuns() throws SettingsException {
        Launch.Run run = assertInstanceOf(Launch.Run.class, Given.minimum().launch());

        assertEquals(Duration.ofSeconds(15), run.settings().auth().timeout());
    }

    @Test
    void theSettingsThemselvesPrintNoSecret() throws SettingsException {
        String printed = Given.minimum()
                .environment("KAFKA_SSL_KEY_PASSWORD", "hunter2")
                .load()
                .toString();

        assertFalse(printed.contains("hunter2") || printed.contains("hush-hush") || printed.contains("QUFB"), printed);
    }
}
