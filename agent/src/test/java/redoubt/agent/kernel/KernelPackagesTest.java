package redoubt.agent.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class KernelPackagesTest {
  @ParameterizedTest
  @CsvSource({
    "6.1.0-42-amd64, linux-image-6.1.0-42-amd64, linux-image-6.1.0-42-amd64, true",
    "6.1.0-42-amd64, '', linux-image-6.1.0-42-amd64, true",
    "6.1.0-42-amd64, linux-image-6.1.0-42-amd64, linux-image-6.1.0-41-amd64, false",
    "6.8.0-45-generic, linux-image-6.8.0-45-generic, linux-modules-6.8.0-45-generic, true",
    "6.8.0-45-generic, linux-image-6.8.0-45-generic, linux-modules-extra-6.8.0-45-generic, true",
    "6.8.0-45-generic, '', linux-modules-nvidia-550-6.8.0-45-generic, false",
    "6.12.9-200.fc41.x86_64, kernel-core, kernel-modules-core, true",
    "6.12.9-200.fc41.x86_64, kernel-core, kernel-modules-extra, true",
    "6.12.9-200.fc41.x86_64, kernel-core, kernel-core, true",
    "6.12.9-200.fc41.x86_64, kernel-core, kmod-nvidia, false",
    "6.12.9-200.fc41.x86_64, '', kernel-modules-core, false",
    "6.4.0-150600.23-default, kernel-default, kernel-default-extra, true",
    "5.15.0-3.el9uek, kernel-uek-core, kernel-uek-modules, true",
    "5.15.0-3.el9uek, kernel-uek-core, kernel-modules, false",
    "6.9.1, my-kernel, my-kernel, true",
    "6.9.1, my-kernel, my-kernel-modules, false",
    "6.9.1, '', '', false",
  })
  void whatBelongsToTheKernelIsKnownByItsImage(
      String release, String image, String packageName, boolean own) {
    assertEquals(own, KernelPackages.of(release, image).isOwn(packageName));
  }
}
