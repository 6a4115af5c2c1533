using System.Text.RegularExpressions;

namespace Salvor.Tests.Tidy;

/// <summary>What holds for every C# file, beyond what analyzers can say.</summary>
public sealed partial class CodeTests
{
    private const int ColumnsMax = 120;
    private const int FileLinesMax = 400;
    private const int MethodLinesMax = 70;

    /// <summary>Folders where wider lines remain. The list may only shrink.</summary>
    private static readonly string[] StillWide =
    [
        "src/Salvor.Core/ObjectStore/",
        "src/Salvor.Core/Repository/",
        "tests/Salvor.Tests/ObjectStore/",
        "tests/Salvor.Tests/Repository/",
        "tests/Salvor.Tests/Tidy/",
        "tests/Salvor.Tests/Verify/",
        "tests/Salvor.IntegrationTests/Verify/",
    ];

    [Fact]
    public void Lines_files_and_methods_are_short()
    {
        var offences = new Offences();
        foreach (var file in SourceTree.Code)
        {
            if (file.Lines.Length - 1 > FileLinesMax)
            {
                offences.Add(file, $"has {file.Lines.Length - 1} lines, more than {FileLinesMax}");
            }

            CheckColumns(file, offences);
            CheckMethods(file, offences);
        }

        offences.ShouldBeNone();
    }

    [Fact]
    public void Nothing_is_folded_into_regions()
    {
        var offences = new Offences();
        foreach (var file in SourceTree.Code)
        {
            for (var i = 0; i < file.Lines.Length; i++)
            {
                if (file.Lines[i].TrimStart().StartsWith("#region", StringComparison.Ordinal))
                {
                    offences.Add(file, i, "is a region");
                }
            }
        }

        offences.ShouldBeNone();
    }

    [Fact]
    public void File_holds_the_one_type_that_it_is_named_after()
    {
        var offences = new Offences();
        foreach (var file in SourceTree.Code)
        {
            var types = TopLevelType().Matches(file.Text).Select(match => match.Groups["name"].Value).ToList();
            if (types.Count == 0 && file.Name is not ("Program" or "AssemblyInfo"))
            {
                offences.Add(file, "holds no type");
            }
            else if (types.Count > 1)
            {
                offences.Add(file, $"holds {types.Count} types: {string.Join(", ", types)}");
            }
            else if (types.Count == 1 && file.Name.Split('.')[0] != types[0])
            {
                offences.Add(file, $"is not named after its type {types[0]}");
            }
        }

        offences.ShouldBeNone();
    }

    [Fact]
    public void Namespace_is_the_folder()
    {
        var offences = new Offences();
        foreach (var file in SourceTree.Code)
        {
            var match = NamespaceLine().Match(file.Text);
            var expected = ExpectedNamespace(file.Folder);
            if (match.Success && match.Groups["name"].Value != expected)
            {
                offences.Add(file, $"is in {match.Groups["name"].Value}, not in {expected}");
            }
        }

        offences.ShouldBeNone();
    }

    private static void CheckColumns(SourceFile file, Offences offences)
    {
        if (StillWide.Any(folder => file.Path.StartsWith(folder, StringComparison.Ordinal)))
        {
            return;
        }

        for (var i = 0; i < file.Lines.Length; i++)
        {
            if (file.Lines[i].Length > ColumnsMax)
            {
                offences.Add(file, i, $"has {file.Lines[i].Length} columns, more than {ColumnsMax}");
            }
        }
    }

    /// <summary>The formatter puts a member's braces alone on their lines, four columns in.</summary>
    private static void CheckMethods(SourceFile file, Offences offences)
    {
        var start = -1;
        for (var i = 0; i < file.Lines.Length; i++)
        {
            if (file.Lines[i] == "    {")
            {
                start = i;
            }
            else if (start >= 0 && file.Lines[i] is "    }" or "    };")
            {
                if (i - start - 1 > MethodLinesMax)
                {
                    offences.Add(file, start, $"opens a body of {i - start - 1} lines, more than {MethodLinesMax}");
                }

                start = -1;
            }
        }
    }

    private static string ExpectedNamespace(string folder)
    {
        var parts = folder.Split('/').Skip(1);
        var name = string.Join('.', parts);
        return name switch
        {
            "Shared" => "Salvor.Tests.Shared",
            // The engine's folders are the product's own: Salvor.Platform, Salvor.Restore.
            _ when name.StartsWith("Salvor.Core", StringComparison.Ordinal) => "Salvor" + name["Salvor.Core".Length..],
            _ => name,
        };
    }

    [GeneratedRegex(
        @"^(?:(?:public|internal|file|sealed|static|abstract|partial|readonly|ref|unsafe) )*"
        + @"(?:class|struct|interface|enum|record struct|record class|record|delegate [^\s(]+) (?<name>\w+)",
        RegexOptions.Multiline)]
    private static partial Regex TopLevelType();

    [GeneratedRegex(@"^namespace (?<name>[\w.]+);", RegexOptions.Multiline)]
    private static partial Regex NamespaceLine();
}
