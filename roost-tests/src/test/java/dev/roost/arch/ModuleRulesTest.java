package dev.roost.arch;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.lang.classfile.Annotation;
import java.lang.classfile.Attributes;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassModel;
import java.lang.constant.ClassDesc;
import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;

/** What holds for the module descriptors, read from their class files. */
class ModuleRulesTest {

  @Test
  void every_module_is_null_marked() throws IOException {
    assertThat(nullMarkedModules())
        .isEqualTo(
            Map.of(
                "dev.roost.core", true,
                "dev.roost.io", true,
                "dev.roost.testing", true,
                "dev.roost.junit", true));
  }

  private static Map<String, Boolean> nullMarkedModules() throws IOException {
    var found = new TreeMap<String, Boolean>();
    var loader = ModuleRulesTest.class.getClassLoader();
    for (var url : Collections.list(loader.getResources("module-info.class"))) {
      try (InputStream in = url.openStream()) {
        var descriptor = ClassFile.of().parse(in.readAllBytes());
        var name = moduleName(descriptor);
        if (name.startsWith("dev.roost.")) {
          found.put(name, isNullMarked(descriptor));
        }
      }
    }
    return found;
  }

  private static String moduleName(ClassModel descriptor) {
    return descriptor
        .findAttribute(Attributes.module())
        .map(module -> module.moduleName().name().stringValue())
        .orElse("");
  }

  private static boolean isNullMarked(ClassModel descriptor) {
    return descriptor.findAttribute(Attributes.runtimeVisibleAnnotations()).stream()
        .flatMap(annotations -> annotations.annotations().stream())
        .map(Annotation::classSymbol)
        .anyMatch(ClassDesc.of(NullMarked.class.getName())::equals);
  }
}
