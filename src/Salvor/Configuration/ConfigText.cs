using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Salvor.Configuration;

/// <summary>Writes a configuration as the file that a person goes on editing.</summary>
internal static class ConfigText
{
    // What JSON quotes, YAML reads. Paths may hold any letter.
    private static readonly JavaScriptEncoder Quoting = JavaScriptEncoder.UnsafeRelaxedJsonEscaping;

    public static string Of(SalvorConfig config)
    {
        var text = new StringBuilder();
        text.Append("# Salvor's configuration. Every key may be left out; what is commented out is the default.\n");
        text.Append("# Options on the command line come before what is said here.\n\n");
        AppendEtcd(text, config.Etcd);
        AppendRepository(text, config.Repository);
        AppendDefaults(text);
        return text.ToString();
    }

    private static void AppendEtcd(StringBuilder text, EtcdConfig etcd)
    {
        text.Append("etcd:\n");
        Append(text, "  manifestFile", etcd.ManifestFile, "/etc/kubernetes/manifests/etcd.yaml");
        AppendList(text, "  endpoints", etcd.Endpoints);
        Append(text, "  caFile", etcd.CaFile, "/etc/kubernetes/pki/etcd/ca.crt");
        Append(text, "  certificateFile", etcd.CertificateFile, "/etc/kubernetes/pki/etcd/healthcheck-client.crt");
        Append(text, "  keyFile", etcd.KeyFile, "/etc/kubernetes/pki/etcd/healthcheck-client.key");
        Append(text, "  dataDirectory", etcd.DataDirectory, "/var/lib/etcd");
    }

    private static void AppendRepository(StringBuilder text, RepositoryConfig repository)
    {
        text.Append("\nrepository:\n");
        Append(text, "  location", repository.Location, "s3://BUCKET/PREFIX");
        if (repository.PassphraseFile is null)
        {
            Append(text, "  keyFile", repository.KeyFile, "/etc/salvor/repository.key");
        }
        else
        {
            Append(text, "  passphraseFile", repository.PassphraseFile, "");
        }

        if (repository.Location is not { } location || !StoreLocation.IsS3(location))
        {
            return;
        }

        var s3 = repository.S3;
        text.Append(s3 == new S3Config() ? "  # s3:\n" : "  s3:\n");
        Append(text, "    endpoint", s3.Endpoint, "https://s3.example.org");
        Append(text, "    region", s3.Region, "eu-central-1");
        text.Append(s3.PathStyle ? "    pathStyle: true\n" : "    # pathStyle: true\n");
        Append(text, "    caFile", s3.CaFile, "/etc/salvor/s3-ca.crt");
        Append(text, "    profile", s3.Profile, "default");
    }

    private static void AppendDefaults(StringBuilder text)
    {
        var log = new LogConfig();
        var retention = new RetentionConfig();
        text.Append(CultureInfo.InvariantCulture, $"""

            # How the stream of changes is stored.
            # log:
            #   flushAfterMs: {log.FlushAfterMs}
            #   flushBytes: {log.FlushBytes}

            # What prune keeps: a snapshot is kept when any of the rules wants it.
            # retention:
            #   keepLast: {retention.KeepLast}
            #   hourly: {retention.Hourly}
            #   daily: {retention.Daily}
            #   weekly: {retention.Weekly}
            #   monthly: {retention.Monthly}
            #   continuousHours: {retention.ContinuousHours}

            """);
    }

    /// <summary>A line with the value; one that is commented out, with an example, where there is none.</summary>
    private static void Append(StringBuilder text, string key, string? value, string example)
    {
        var indent = key.Length - key.TrimStart().Length;
        text.Append(' ', indent).Append(value is null ? "# " : "").Append(key.AsSpan(indent)).Append(": ")
            .Append(Quote(value ?? example)).Append('\n');
    }

    private static void AppendList(StringBuilder text, string key, ImmutableArray<string> values)
    {
        var indent = key.Length - key.TrimStart().Length;
        var isSet = !values.IsEmpty;
        text.Append(' ', indent).Append(isSet ? "" : "# ").Append(key.AsSpan(indent)).Append(": [")
            .AppendJoin(", ", (isSet ? values : ["https://127.0.0.1:2379"]).Select(Quote)).Append("]\n");
    }

    private static string Quote(string value) => $"\"{JsonEncodedText.Encode(value, Quoting)}\"";
}
