using Salvor.Configuration;

namespace Salvor.Cli;

/// <summary>What <c>salvor init</c> says: what a lost key means before it is made, and what was made after.</summary>
internal static class InitOutput
{
    private const string KeyNotice =
        "Without the key file every backup is lost: nobody can open them. Keep a copy outside of this machine.";

    private const string PassphraseNotice =
        "Without the passphrase every backup is lost: nobody can open them. Keep it outside of this machine.";

    private const string DiskNotice =
        "The repository is on the same file system as etcd's data: one dead disk takes both. Good for trying out only.";

    public static void Explain(TextWriter output, RepositoryConfig settings)
    {
        var it = settings.KeyFile is null ? "passphrase" : "key file";
        output.WriteLine($"All that goes into {settings.Location} is encrypted, and only the {it} opens it.");
        output.WriteLine();
        output.WriteLine($"  Whoever loses the {it}, and every copy of it, has lost every backup. There is no other");
        output.WriteLine("  way in: not for you, not for your storage provider, not for the makers of salvor.");
        output.WriteLine($"  Whoever gets the {it} and the backups can read every secret of the cluster.");
        output.WriteLine();
        output.WriteLine("  This machine is what the backups are for: when it is gone, so is what is only on it.");
        output.WriteLine(settings.KeyFile is { } path
            ? $"  Copy {path} now: into a password manager, to another machine, or on paper (it is\n"
                + "  one line of text, and slips of the pen are noticed). Not into the place of the backups."
            : "  Keep the passphrase in a password manager or on paper, not only in the file and not in the place of\n"
                + "  the backups.");
        output.WriteLine();
    }

    public static void Write(Terminal terminal, InitReport report, EtcdConfig etcd, bool isBesideEtcd, bool isJson)
    {
        if (isJson)
        {
            WriteJson(terminal, report, etcd, isBesideEtcd);
            return;
        }

        var output = terminal.Out;
        output.WriteLine(report.IsNew
            ? $"Made the repository {report.Id}"
            : $"The repository {report.Id} was there, and opens");
        output.WriteLine($"  place    {report.Location}");
        output.WriteLine(report.KeyFile is { } keyFile
            ? $"  key      {keyFile}"
            : $"  opens    with the passphrase in {report.PassphraseFile}");
        output.WriteLine($"  config   {report.ConfigFile}");
        output.WriteLine(etcd.ManifestFile is { } manifest
            ? $"  etcd     {string.Join(", ", etcd.Endpoints)}, by {manifest}"
            : "  etcd     not found on this machine: fill in the section etcd of the configuration file");
        if (isBesideEtcd)
        {
            terminal.Error.WriteLine($"warning: {DiskNotice}");
        }
    }

    private static void WriteJson(Terminal terminal, InitReport report, EtcdConfig etcd, bool isBesideEtcd) =>
        terminal.WriteJson(json =>
        {
            json.WriteString("repository", report.Location);
            json.WriteString("id", report.Id.ToString());
            json.WriteBoolean("created", report.IsNew);
            json.WriteString("keyFile", report.KeyFile);
            json.WriteString("passphraseFile", report.PassphraseFile);
            json.WriteString("config", report.ConfigFile);
            json.WriteString("manifest", etcd.ManifestFile);
            json.WriteStartArray("endpoints");
            foreach (var endpoint in etcd.Endpoints)
            {
                json.WriteStringValue(endpoint);
            }

            json.WriteEndArray();
            json.WriteStartArray("notices");
            json.WriteStringValue(report.KeyFile is null ? PassphraseNotice : KeyNotice);
            if (isBesideEtcd)
            {
                json.WriteStringValue(DiskNotice);
            }

            json.WriteEndArray();
        });
}
