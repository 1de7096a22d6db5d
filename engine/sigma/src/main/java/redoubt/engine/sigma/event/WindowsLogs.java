package redoubt.engine.sigma.event;

import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// What kind of event stands in which log of Windows, by channel and event id.
///
/// Source: the appendix "Taxonomy" of the Sigma specification, Microsoft's manifests of the
/// channels and the event ids of Sysmon 15.
final class WindowsLogs {
  static final String PRODUCT = "windows";

  private static final String SYSMON = "microsoft-windows-sysmon/operational";
  private static final String SECURITY = "security";
  private static final String POWERSHELL = "microsoft-windows-powershell/operational";
  private static final String POWERSHELL_CORE = "powershellcore/operational";
  private static final String POWERSHELL_CLASSIC = "windows powershell";

  private static final Map<String, Set<String>> SERVICES =
      Map.ofEntries(
          service("application", "application"),
          service(SECURITY, "security"),
          service("system", "system"),
          service(SYSMON, "sysmon"),
          service(POWERSHELL, "powershell"),
          service(POWERSHELL_CORE, "powershell"),
          service(POWERSHELL_CLASSIC, "powershell-classic"),
          service("dns server", "dns-server"),
          service("dns-server/audit", "dns-server-audit"),
          service("microsoft-windows-dns-server/analytical", "dns-server-analytic"),
          service("microsoft-windows-dns-server/audit", "dns-server-audit"),
          service("microsoft-windows-dns-client/operational", "dns-client"),
          service("microsoft-windows-dns client events/operational", "dns-client"),
          service("directory service", "directory-service"),
          service("microsoft-windows-taskscheduler/operational", "taskscheduler"),
          service("microsoft-windows-wmi-activity/operational", "wmi"),
          service("microsoft-windows-windows defender/operational", "windefend"),
          service(
              "microsoft-windows-windows firewall with advanced security/firewall", "firewall-as"),
          service("microsoft-windows-bits-client/operational", "bits-client"),
          service("microsoft-windows-ntlm/operational", "ntlm"),
          service("microsoft-windows-ldap-client/debug", "ldap_debug"),
          service("microsoft-windows-dhcp-server/operational", "dhcp"),
          service("microsoft-windows-driverframeworks-usermode/operational", "driver-framework"),
          service("microsoft-windows-codeintegrity/operational", "codeintegrity-operational"),
          service("microsoft-windows-smbclient/security", "smbclient-security"),
          service("microsoft-windows-smbclient/connectivity", "smbclient-connectivity"),
          service("microsoft-windows-smbserver/connectivity", "smbserver-connectivity"),
          service("microsoft-windows-appxdeploymentserver/operational", "appxdeployment-server"),
          service("microsoft-windows-appxpackaging/operational", "appxpackaging-om"),
          service("microsoft-windows-appmodel-runtime/admin", "appmodel-runtime"),
          service("microsoft-windows-applocker/exe and dll", "applocker"),
          service("microsoft-windows-applocker/msi and script", "applocker"),
          service("microsoft-windows-applocker/packaged app-deployment", "applocker"),
          service("microsoft-windows-applocker/packaged app-execution", "applocker"),
          service("microsoft-windows-capi2/operational", "capi2"),
          service(
              "microsoft-windows-certificateservicesclient-lifecycle-system/operational",
              "certificateservicesclient-lifecycle-system"),
          service("microsoft-windows-diagnosis-scripted/operational", "diagnosis-scripted"),
          service("microsoft-windows-hyper-v-worker", "hyper-v-worker"),
          service("microsoft-windows-iis-configuration/operational", "iis-configuration"),
          service("microsoft-windows-kernel-event-tracing", "kernel-event-tracing"),
          service("microsoft-windows-kernel-shimengine/operational", "kernel-shimengine"),
          service("microsoft-windows-lsa/operational", "lsa-server"),
          service("microsoft-windows-openssh/operational", "openssh"),
          service("openssh/operational", "openssh"),
          service("microsoft-windows-printservice/admin", "printservice-admin"),
          service("microsoft-windows-printservice/operational", "printservice-operational"),
          service("microsoft-windows-security-mitigations/kernel mode", "security-mitigations"),
          service("microsoft-windows-security-mitigations/user mode", "security-mitigations"),
          service("microsoft-windows-sense/operational", "sense"),
          service("microsoft-windows-servicebus-client", "microsoft-servicebus-client"),
          service("microsoft-servicebus-client", "microsoft-servicebus-client"),
          service("microsoft-windows-shell-core/operational", "shell-core"),
          service(
              "microsoft-windows-terminalservices-localsessionmanager/operational",
              "terminalservices-localsessionmanager"),
          service("microsoft-windows-vhdmp/operational", "vhdmp"),
          service("msexchange management", "msexchange-management"));

  private static final Map<String, Set<String>> SYSMON_CATEGORIES =
      Map.ofEntries(
          category("1", "process_creation"),
          category("2", "file_change"),
          category("3", "network_connection"),
          category("4", "sysmon_status"),
          category("5", "process_termination"),
          category("6", "driver_load"),
          category("7", "image_load"),
          category("8", "create_remote_thread"),
          category("9", "raw_access_thread"),
          category("10", "process_access"),
          category("11", "file_event"),
          category("13", "registry_set", "registry_event"),
          category("14", "registry_rename", "registry_event"),
          category("15", "create_stream_hash"),
          category("16", "sysmon_status"),
          category("17", "pipe_created"),
          category("18", "pipe_created"),
          category("19", "wmi_event"),
          category("20", "wmi_event"),
          category("21", "wmi_event"),
          category("22", "dns_query"),
          category("23", "file_delete"),
          category("24", "clipboard_capture"),
          category("25", "process_tampering"),
          category("26", "file_delete", "file_delete_detected"),
          category("27", "file_block_executable"),
          category("28", "file_block_shredding"),
          category("29", "file_executable_detected"),
          category("255", "sysmon_error"));

  private static final Map<String, Set<String>> SECURITY_CATEGORIES =
      Map.ofEntries(
          category("4657", "registry_set", "registry_event"),
          category("4688", "process_creation"),
          category("4689", "process_termination"),
          category("5156", "network_connection"));

  private static final Map<String, Set<String>> POWERSHELL_CATEGORIES =
      Map.ofEntries(category("4103", "ps_module"), category("4104", "ps_script"));

  private static final Map<String, Set<String>> POWERSHELL_CLASSIC_CATEGORIES =
      Map.ofEntries(
          category("400", "ps_classic_start"),
          category("600", "ps_classic_provider_start"),
          category("800", "ps_classic_script"));

  private WindowsLogs() {}

  private static Map.Entry<String, Set<String>> service(String channel, String... services) {
    return Map.entry(channel, Set.of(services));
  }

  private static Map.Entry<String, Set<String>> category(String eventId, String... categories) {
    return Map.entry(eventId, Set.of(categories));
  }

  /// @param channel the log's name
  /// @param eventType what Sysmon says of registry events, such as `CreateKey`
  static EventClass classOf(String channel, String eventId, @Nullable String eventType) {
    String log = channel.toLowerCase(Locale.ROOT);
    return new EventClass(
        Set.of(PRODUCT), categories(log, eventId, eventType), SERVICES.getOrDefault(log, Set.of()));
  }

  private static Set<String> categories(String log, String eventId, @Nullable String eventType) {
    return switch (log) {
      case SYSMON ->
          eventId.equals("12")
              ? keyCategories(eventType)
              : SYSMON_CATEGORIES.getOrDefault(eventId, Set.of());
      case SECURITY -> SECURITY_CATEGORIES.getOrDefault(eventId, Set.of());
      case POWERSHELL, POWERSHELL_CORE -> POWERSHELL_CATEGORIES.getOrDefault(eventId, Set.of());
      case POWERSHELL_CLASSIC -> POWERSHELL_CLASSIC_CATEGORIES.getOrDefault(eventId, Set.of());
      default -> Set.of();
    };
  }

  /// Sysmon reports with one id that a key was made and that one was deleted.
  private static Set<String> keyCategories(@Nullable String eventType) {
    Set<String> categories = new HashSet<>(List.of("registry_event"));
    if (eventType == null || eventType.startsWith("Create")) {
      categories.add("registry_add");
    }
    if (eventType == null || eventType.startsWith("Delete")) {
      categories.add("registry_delete");
    }
    return categories;
  }
}
