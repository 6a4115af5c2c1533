#pragma warning disable RS0030 // The one place that may use Console: everybody else writes through this class.
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Salvor.Cli;

/// <summary>
/// Where a command's words go. Results go to <see cref="Out"/>, everything else to <see cref="Error"/>.
/// </summary>
internal sealed class Terminal(
    TextWriter output, TextWriter error, bool isErrorInteractive, int widthColumns, TextReader? answers = null)
{
    private const int WidthWithoutTerminal = 100;
    private const int WidthMin = 40;

    // The output is read by people and programs, never spliced into HTML: + and ' may stay what they are.
    private static readonly JsonWriterOptions Json = new()
    {
        Indented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    public TextWriter Out { get; } = output;

    public TextWriter Error { get; } = error;

    /// <summary>Whether a person watches stderr, so that a line may be redrawn.</summary>
    public bool IsErrorInteractive { get; } = isErrorInteractive;

    /// <summary>Columns that a line may fill.</summary>
    public int WidthColumns { get; } = widthColumns;

    /// <summary>Whether a person watches stdout, so that a screen may be shown anew.</summary>
    public bool IsOutputInteractive { get; init; }

    /// <summary>Whether a person is there to answer a question.</summary>
    public bool CanAsk => answers is not null && IsErrorInteractive;

    /// <summary>The process's own stdout and stderr.</summary>
    public static Terminal OfProcess()
    {
        var utf8 = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false);
        var output = new StreamWriter(Console.OpenStandardOutput(), utf8, bufferSize: 1 << 14);
        var error = new StreamWriter(Console.OpenStandardError(), utf8) { AutoFlush = true };
        var isInteractive = !Console.IsErrorRedirected;
        var answers = Console.IsInputRedirected ? null : new StreamReader(Console.OpenStandardInput(), utf8);
        var width = isInteractive ? WindowWidth() : WidthWithoutTerminal;
        return new Terminal(output, error, isInteractive, width, answers)
        {
            IsOutputInteractive = !Console.IsOutputRedirected,
        };
    }

    /// <summary>Begins what is shown in place of what was: on a new screen, or after an empty line.</summary>
    public void BeginScreen() => Out.Write(IsOutputInteractive ? "\e[H\e[2J" : Environment.NewLine);

    /// <summary>Asks a person. Only y and yes mean yes; a closed terminal and whatever else is typed mean no.</summary>
    public async Task<bool> ConfirmAsync(string question, CancellationToken ct)
    {
        await Error.WriteAsync($"{question} [y/N] ");
        // A read of a terminal can't be cancelled: it is left behind, and ends with the process.
        var answer = answers is null ? null : await answers.ReadLineAsync(ct).AsTask().WaitAsync(ct);
        return answer?.Trim().ToLowerInvariant() is "y" or "yes";
    }

    /// <summary>Writes one JSON object and a line end to stdout. Names are camelCase.</summary>
    public void WriteJson(Action<Utf8JsonWriter> writeProperties) => WriteJson(writeProperties, Json);

    /// <summary>Writes one JSON object as one line of many. A program waits for each, so it goes out at once.</summary>
    public void WriteJsonLine(Action<Utf8JsonWriter> writeProperties)
    {
        WriteJson(writeProperties, Json with { Indented = false });
        Out.Flush();
    }

    private void WriteJson(Action<Utf8JsonWriter> writeProperties, JsonWriterOptions options)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer, options))
        {
            json.WriteStartObject();
            writeProperties(json);
            json.WriteEndObject();
        }

        Out.WriteLine(Encoding.UTF8.GetString(buffer.GetBuffer().AsSpan(0, (int)buffer.Length)));
    }

    private static int WindowWidth()
    {
        var width = Console.WindowWidth;
        return width < WidthMin ? WidthWithoutTerminal : width;
    }
}
