package redoubt.core.tuf.policy;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import redoubt.core.model.Octets;
import redoubt.core.tuf.Json;
import redoubt.core.tuf.TufException;
import redoubt.core.tuf.mirror.MirrorAddress;

/// What an owner says of a repository that is trusted, and where it can be had.
///
/// Its form, beside the root's own file:
///
/// ```
/// {"mirror": "…", "trial-runners": ["FINGERPRINT", …],
///  "vendors": [{"name": "acme", "path": "acme/", "role": "vendor-acme"}, …]}
/// ```
///
/// Without `trial-runners` those count that the repository names.
///
/// @param trusted whom it may speak for
/// @param mirror where it is; who answers there is trusted with nothing
public record PinnedRepository(TrustedRepository trusted, MirrorAddress mirror) {
  private static final String MIRROR = "mirror";
  private static final String TRIAL_RUNNERS = "trial-runners";
  private static final String VENDORS = "vendors";
  private static final String NAME = "name";
  private static final String PATH = "path";
  private static final String ROLE = "role";

  /// Reads one.
  ///
  /// @param root the root's file
  /// @throws TufException if the form is another, or says what cannot be
  static PinnedRepository parse(String name, Json.Members form, Octets root) throws TufException {
    List<TrustedVendor> vendors = new ArrayList<>();
    try {
      for (Json.Members vendor : form.objects(VENDORS)) {
        vendors.add(new TrustedVendor(vendor.text(NAME), vendor.text(ROLE), vendor.text(PATH)));
      }
      TrialRunners runners =
          form.find(TRIAL_RUNNERS).isPresent()
              ? new TrialRunners.Named(new TreeSet<>(form.texts(TRIAL_RUNNERS)))
              : new TrialRunners.AsTheRepositorySays();
      return new PinnedRepository(
          new TrustedRepository(name, root, vendors, runners),
          new MirrorAddress(form.text(MIRROR)));
    } catch (IllegalArgumentException e) {
      throw new TufException(
          TufException.Reason.MALFORMED, "pinned", String.valueOf(e.getMessage()));
    }
  }

  /// Its form.
  Json.Members form() {
    Map<String, Json> form = new LinkedHashMap<>();
    form.put(MIRROR, new Json.Text(mirror.text()));
    if (trusted.trialRunners() instanceof TrialRunners.Named(var fingerprints)) {
      form.put(
          TRIAL_RUNNERS,
          new Json.Items(new TreeSet<>(fingerprints).stream().<Json>map(Json.Text::new).toList()));
    }
    List<Json> vendors = new ArrayList<>();
    for (TrustedVendor vendor : trusted.vendors()) {
      vendors.add(
          new Json.Members(
              Map.of(
                  NAME, new Json.Text(vendor.name()),
                  PATH, new Json.Text(vendor.pathPrefix()),
                  ROLE, new Json.Text(vendor.role()))));
    }
    form.put(VENDORS, new Json.Items(vendors));
    return new Json.Members(form);
  }
}
