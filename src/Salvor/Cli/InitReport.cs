using Salvor.Repository.Keys;

namespace Salvor.Cli;

/// <summary>What <c>salvor init</c> has made.</summary>
/// <param name="Id">The repository's id.</param>
/// <param name="Location">Where it is.</param>
/// <param name="IsNew">False where it was there, and the key opened it.</param>
/// <param name="KeyFile">The key file; null where a passphrase opens the repository.</param>
/// <param name="PassphraseFile">The passphrase's file, else null.</param>
/// <param name="ConfigFile">The configuration file that was written.</param>
internal sealed record InitReport(
    RepositoryId Id, string Location, bool IsNew, string? KeyFile, string? PassphraseFile, string ConfigFile);
