using System.Runtime.CompilerServices;

namespace Salvor.Tests.Cli;

/// <summary>Compares text with a checked-in file; SALVOR_GOLDEN=write makes the file instead.</summary>
internal static class Golden
{
    public static void Matches(string name, string actual, [CallerFilePath] string caller = "")
    {
        var testsFolder =
            caller[..(caller.IndexOf("/Salvor.Tests/", StringComparison.Ordinal) + "/Salvor.Tests/".Length)];
        var path = Path.Combine(testsFolder, name);
        if (Environment.GetEnvironmentVariable("SALVOR_GOLDEN") == "write")
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.WriteAllText(path, actual);
        }

        Assert.True(File.Exists(path), $"{path} is missing; run with SALVOR_GOLDEN=write to make it.");
        Assert.Equal(File.ReadAllText(path), actual);
    }
}
