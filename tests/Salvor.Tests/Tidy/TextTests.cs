using System.Text.RegularExpressions;

namespace Salvor.Tests.Tidy;

/// <summary>What holds for every text file of the checkout.</summary>
public sealed partial class TextTests
{
    [Fact]
    public void Files_end_with_one_newline_and_lines_without_blanks()
    {
        var offences = new Offences();
        foreach (var file in SourceTree.Files.Where(file => !file.IsGolden && file.Text.Length > 0))
        {
            // The .NET tools write lock files without it, and would take it away again.
            var isLockFile = file.Path.EndsWith("packages.lock.json", StringComparison.Ordinal);
            if (!isLockFile && (!file.Text.EndsWith('\n') || file.Text.EndsWith("\n\n", StringComparison.Ordinal)))
            {
                offences.Add(file, "must end with exactly one newline");
            }

            for (var i = 0; i < file.Lines.Length; i++)
            {
                if (file.Lines[i].Length > 0 && char.IsWhiteSpace(file.Lines[i][^1]))
                {
                    offences.Add(file, i, "ends with a blank or a carriage return");
                }
            }
        }

        offences.ShouldBeNone();
    }

    [Fact]
    public void Nothing_is_left_to_do()
    {
        var offences = new Offences();
        foreach (var file in SourceTree.Files)
        {
            for (var i = 0; i < file.Lines.Length; i++)
            {
                if (Leftover().IsMatch(file.Lines[i]))
                {
                    offences.Add(file, i, "is a note to do something: do it, or file an issue");
                }
            }
        }

        offences.ShouldBeNone();
    }

    [Fact]
    public void Nothing_names_a_registry_host_or_a_build_machines_path()
    {
        var offences = new Offences();
        foreach (var file in SourceTree.Files)
        {
            for (var i = 0; i < file.Lines.Length; i++)
            {
                if (MachineDetail().IsMatch(file.Lines[i]))
                {
                    offences.Add(file, i, "names a host or path that other machines do not have");
                }
            }
        }

        offences.ShouldBeNone();
    }

    // Each pattern is written so that it does not match itself.
    [GeneratedRegex(@"\b(TO[D]O|FIX[M]E|XX[X])\b")]
    private static partial Regex Leftover();

    [GeneratedRegex(@"nuget[.]org|npmjs[.]|deb[.]debian[.]org|pkg[.]dev\b|(?<![\w.$}])/(work|tmp/w)/")]
    private static partial Regex MachineDetail();
}
