package redoubt.engine.sigma.vectors;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What vectors are for: a rule that is changed no longer passes those of what it was.
class VectorsCatchChangesTest {
  private static final String RULE =
      Derivation.rule(
          """
          tool:
            Image|endswith:
              - /curl
              - /wget
          place:
            CommandLine|contains: ' -o /tmp/'
          secret:
            CommandLine|re: 'https?://[0-9.]+/'
          filter_known:
            ParentImage|startswith: /usr/lib/
            User: root
          condition: tool and place and secret and not 1 of filter_*
          """);

  @ParameterizedTest
  @CsvSource(
      delimiter = '!',
      value = {
        "a value is gone ! '      - /wget\n' ! ''",
        "startswith for contains         ! CommandLine|contains      ! CommandLine|startswith",
        "endswith for contains           ! CommandLine|contains      ! CommandLine|endswith",
        "the whole for the end           ! Image|endswith            ! Image",
        "another field                   ! User: root                ! ParentUser: root",
        "another parent                  ! ParentImage               ! CurrentDirectory",
        "a condition is gone             ! ' and secret'             ! ''",
        "a filter is gone                ! ' and not 1 of filter_*'  ! ''",
        "a filter is turned round        ! and not 1 of              ! and 1 of",
        "one for all                     ! tool and place            ! (tool or place)",
        "a filter asks for less ! '    User: root\n' ! ''",
        "another expression ! https? ! ftps?"
      })
  void aChangedRuleFails(String name, String from, String to) {
    Derived derived = Derivation.of(RULE);
    assertEquals(List.of(), derived.gaps());
    assertEquals(List.of(), Derivation.failing(derived.vectors(), Derivation.read(RULE)));
    String changed = RULE.replace(from.replace("\\n", "\n"), to.replace("\\n", "\n"));
    assertNotEquals(RULE, changed, name);
    assertFalse(Derivation.failing(derived.vectors(), Derivation.read(changed)).isEmpty(), name);
  }
}
