package dev.roost.net;

import static dev.roost.net.Tls.certificates;

import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.handler.ssl.ApplicationProtocolConfig;
import io.netty.handler.ssl.ApplicationProtocolConfig.Protocol;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectedListenerFailureBehavior;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectorFailureBehavior;
import io.netty.handler.ssl.OpenSsl;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import java.security.Provider;
import java.security.SecureRandom;
import java.util.logging.Level;
import java.util.logging.Logger;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.bouncycastle.jsse.provider.BouncyCastleJsseProvider;
import org.conscrypt.Conscrypt;
import org.jspecify.annotations.Nullable;

/** Where engines come from that are not the JDK's. */
enum OtherEngine {
  CONSCRYPT {
    @Override
    boolean isAvailable() {
      return Conscrypt.isAvailable(); // not for all systems
    }

    @Override
    TlsOptions options(@Nullable String own, String trusted) throws Exception {
      return TlsStream.with(
          context(Conscrypt.newProviderBuilder().provideTrustManager(true).build(), own, trusted));
    }
  },

  BOUNCY_CASTLE {
    @Override
    TlsOptions options(@Nullable String own, String trusted) throws Exception {
      CHATTER.setLevel(Level.OFF);
      return TlsStream.with(context(new BouncyCastleJsseProvider(), own, trusted));
    }
  },

  /** BoringSSL, by way of netty-tcnative. */
  NETTY {
    @Override
    boolean isAvailable() {
      return OpenSsl.isAvailable();
    }

    @Override
    TlsOptions options(@Nullable String own, String trusted) throws Exception {
      var builder =
          own == null
              ? SslContextBuilder.forClient()
              : SslContextBuilder.forServer(certificates().identity(own).keys()[0]);
      builder
          .trustManager(certificates().identity(trusted).trust()[0])
          .applicationProtocolConfig(
              new ApplicationProtocolConfig(
                  Protocol.ALPN,
                  SelectorFailureBehavior.NO_ADVERTISE,
                  SelectedListenerFailureBehavior.ACCEPT,
                  own == null ? new String[] {"h2", "http/1.1"} : new String[] {"http/1.1"}));
      var context = builder.sslProvider(SslProvider.OPENSSL).build();
      return TlsStream.with(
          (host, port) -> context.newEngine(UnpooledByteBufAllocator.DEFAULT, host, port));
    }
  };

  /** It tells its life to the log. */
  private static final Logger CHATTER = Logger.getLogger("org.bouncycastle");

  boolean isAvailable() {
    return true;
  }

  /** With the certificate of a name, if one is given; trusts what another one has signed. */
  abstract TlsOptions options(@Nullable String own, String trusted) throws Exception;

  private static SSLContext context(Provider provider, @Nullable String own, String trusted)
      throws Exception {
    var trust = TrustManagerFactory.getInstance("PKIX", provider);
    var context = SSLContext.getInstance("TLS", provider);
    context.init(
        own == null ? null : keys(provider, certificates().identity(own)),
        certificates().identity(trusted).trust(trust),
        new SecureRandom());
    return context;
  }

  /** Some like only their own. */
  private static KeyManager[] keys(Provider provider, Identity identity) throws Exception {
    return provider.getService("KeyManagerFactory", "PKIX") == null
        ? identity.keys()
        : identity.keys(KeyManagerFactory.getInstance("PKIX", provider));
  }
}
