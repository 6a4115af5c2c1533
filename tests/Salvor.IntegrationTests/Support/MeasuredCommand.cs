using System.Globalization;

namespace Salvor.IntegrationTests.Support;

/// <summary>A run of the command under test, and how much memory it held at most.</summary>
public sealed record MeasuredCommand(ToolResult Result, long PeakBytes)
{
    public static async Task<MeasuredCommand> RunAsync(params string[] arguments)
    {
        await using var tool = SalvorCommand.Start(arguments);
        var finish = tool.FinishAsync();
        var peak = 0L;
        while (!finish.IsCompleted)
        {
            peak = Math.Max(peak, PeakOf(tool.Id));
            await Task.WhenAny(finish, Task.Delay(5, TestContext.Current.CancellationToken));
        }

        return new MeasuredCommand(await finish, peak);
    }

    private static long PeakOf(int processId)
    {
        try
        {
            var line = File.ReadLines($"/proc/{processId}/status").FirstOrDefault(IsPeak);
            var number = line?.Split([' ', '\t'], StringSplitOptions.RemoveEmptyEntries)[1];
            return number is null ? 0 : long.Parse(number, CultureInfo.InvariantCulture) << 10;
        }
        catch (IOException)
        {
            return 0; // It ended meanwhile.
        }

        static bool IsPeak(string line) => line.StartsWith("VmHWM:", StringComparison.Ordinal);
    }
}
