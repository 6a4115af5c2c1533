namespace Salvor.IntegrationTests.Support;

/// <summary>
/// The command under test: the published binary that SALVOR_BIN names, or without it the debug build.
/// </summary>
public static class SalvorCommand
{
    private static readonly string? Published = Environment.GetEnvironmentVariable("SALVOR_BIN");

    /// <summary>Whether this is the command as it ships: only then its memory and speed mean anything.</summary>
    public static bool IsPublished => Published is not null;

    /// <summary>Runs it to its end.</summary>
    public static async Task<ToolResult> RunAsync(params string[] arguments)
    {
        await using var running = Start(arguments);
        return await running.FinishAsync();
    }

    /// <summary>Runs it to its end with other variables; those whose value is null are taken out.</summary>
    public static async Task<ToolResult> RunWithAsync(
        IReadOnlyList<(string Name, string? Value)> environment, params string[] arguments)
    {
        await using var running = StartWith(environment, arguments);
        return await running.FinishAsync();
    }

    /// <summary>Starts it with other variables; those whose value is null are taken out.</summary>
    public static ToolProcess StartWith(
        IReadOnlyList<(string Name, string? Value)> environment, params string[] arguments)
    {
        var (program, all) = Locate(arguments);
        return ToolProcess.Start(program, all, [.. environment]);
    }

    /// <summary>Starts it; the caller ends it, waits for it or kills it at a moment of its choice.</summary>
    public static ToolProcess Start(params string[] arguments)
    {
        var (program, all) = Locate(arguments);
        return ToolProcess.Start(program, all);
    }

    /// <summary>The program and the arguments that run it, for tests that wrap it in another program.</summary>
    public static (string Program, string[] Arguments) Locate(params string[] arguments)
    {
        if (Published is not null)
        {
            Assert.True(File.Exists(Published), $"SALVOR_BIN names {Published}, which is not there.");
            return (Published, arguments);
        }

        var build = Path.Combine(RepositoryRoot.FullName, "artifacts", "bin", "Salvor", "debug", "salvor.dll");
        Assert.True(File.Exists(build), $"{build} is not there: run dotnet build, or set SALVOR_BIN.");
        return ("dotnet", [build, .. arguments]);
    }
}
