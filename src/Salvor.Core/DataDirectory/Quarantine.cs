using System.Globalization;
using Salvor.Errors;
using Salvor.Platform;

namespace Salvor.DataDirectory;

/// <summary>Where replaced data goes. Salvor never deletes it.</summary>
internal static class Quarantine
{
    private const int AttemptsMax = 1000;

    /// <summary>Makes a new, empty quarantine directory named after the time.</summary>
    public static string Make(IFileSystem files, string parent, string stamp)
    {
        for (var attempt = 0; attempt < AttemptsMax; attempt++)
        {
            var suffix = attempt == 0 ? "" : "-" + attempt.ToString(CultureInfo.InvariantCulture);
            var path = Path.Combine(parent, StagedMember.QuarantinePrefix + stamp + suffix);
            if (files.Stat(path) is null)
            {
                files.CreateDirectory(path, MemberLayout.DirectoryMode);
                files.CopyOwner(parent, path);
                files.FlushDirectory(parent);
                return path;
            }
        }

        throw new SalvorException(ErrorCode.TargetNotEmpty,
            $"{parent} holds {AttemptsMax} quarantines of the same second.");
    }
}
