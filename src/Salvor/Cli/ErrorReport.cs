using System.Text.Json;
using Salvor.Errors;
using Salvor.Formats;

namespace Salvor.Cli;

/// <summary>Says what went wrong: a sentence and a way out for people, one JSON object for programs.</summary>
/// <remarks>This is the only place that turns an exception into words and an exit code.</remarks>
internal sealed class ErrorReport(Terminal terminal, bool isJson, bool showsStackTrace)
{
    /// <summary>Whether the object goes on one line, as those that came before it.</summary>
    public bool WritesJsonLines { get; init; }

    /// <summary>Reports the failure and returns the exit code that belongs to it.</summary>
    public int Write(Exception exception)
    {
        var exitCode = ExitCodes.Of(exception);
        switch (exception)
        {
            case SalvorException e:
                Write(e.Code, e.Message, e.Hint, exitCode);
                break;
            case CorruptDataException e:
                Write(ErrorCode.Corrupt, e.Message,
                    "Use another copy; salvor verify lists all that is wrong with this one.", exitCode);
                break;
            case OperationCanceledException:
                Write(ErrorCode.Cancelled, "Cancelled.", hint: null, exitCode);
                break;
            default:
                WriteBug(exception, exitCode);
                break;
        }

        if (showsStackTrace)
        {
            terminal.Error.WriteLine(exception);
        }

        return exitCode;
    }

    /// <summary>Reports a command line that can't be understood.</summary>
    public int WriteUsage(IReadOnlyList<string> faults, string commandPath)
    {
        Write(ErrorCode.Usage, string.Join(" ", faults), $"See {commandPath} --help.", ExitCodes.Usage);
        return ExitCodes.Usage;
    }

    private void WriteBug(Exception exception, int exitCode)
    {
        var message = $"This is a bug in salvor: {exception.GetType().FullName}: {exception.Message}";
        Write(ErrorCode.Failed, message, "Set SALVOR_DEBUG=1 for the stack trace, and please report it.", exitCode);
    }

    private void Write(ErrorCode code, string message, string? hint, int exitCode)
    {
        if (isJson)
        {
            Action<Utf8JsonWriter> body = json => WriteBody(json, code, message, hint, exitCode);
            if (WritesJsonLines)
            {
                terminal.WriteJsonLine(body);
            }
            else
            {
                terminal.WriteJson(body);
            }

            return;
        }

        terminal.Error.WriteLine($"error: {message}");
        if (hint is not null)
        {
            terminal.Error.WriteLine($"hint: {hint}");
        }
    }

    private static void WriteBody(Utf8JsonWriter json, ErrorCode code, string message, string? hint, int exitCode)
    {
        json.WriteStartObject("error");
        json.WriteString("code", JsonNamingPolicy.CamelCase.ConvertName(code.ToString()));
        json.WriteString("message", message);
        json.WriteString("hint", hint);
        json.WriteNumber("exitCode", exitCode);
        json.WriteEndObject();
    }
}
