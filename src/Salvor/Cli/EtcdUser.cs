using System.Text;
using Salvor.Errors;
using Salvor.EtcdClient;
using Salvor.Formats.Bytes;
using Salvor.Platform;

namespace Salvor.Cli;

/// <summary>Who we are to an etcd whose authentication is on.</summary>
internal sealed record EtcdUser(string Name, EtcdPassword Password)
{
    public const string PasswordVariable = "SALVOR_ETCD_PASSWORD";

    private const int PasswordBytesMax = 4096;

    /// <summary>Null when no user is given.</summary>
    public static EtcdUser? Of(string? user, string? passwordFile, IFileSystem fileSystem)
    {
        if (user is null)
        {
            return null;
        }

        var colon = user.IndexOf(':', StringComparison.Ordinal);
        var name = colon < 0 ? user : user[..colon];
        var password = colon >= 0 ? user[(colon + 1)..]
            : passwordFile is not null ? FirstLine(fileSystem, passwordFile)
            : Environment.GetEnvironmentVariable(PasswordVariable);
        return password is null
            ? throw new SalvorException(ErrorCode.Usage, $"The password of user {name} is missing.")
            {
                Hint = $"Give --password-file, set {PasswordVariable}, or write --user {name}:PASSWORD.",
            }
            : new EtcdUser(name, new EtcdPassword(password));
    }

    private static string FirstLine(IFileSystem fileSystem, string path)
    {
        using var file = fileSystem.OpenRead(path);
        if (file.Length > PasswordBytesMax)
        {
            throw new SalvorException(ErrorCode.WrongKind, $"{path} is too large for a password.");
        }

        var bytes = new byte[file.Length];
        file.ReadExactlyAt(0, bytes);
        return Encoding.UTF8.GetString(bytes).Split('\n')[0].TrimEnd('\r');
    }
}
