namespace Salvor.Cli;

/// <summary>For whom a command writes its result.</summary>
internal enum OutputFormat
{
    /// <summary>For people: sentences and tables; the wording may change.</summary>
    Text,

    /// <summary>For programs: one JSON object on stdout; fields are only ever added.</summary>
    Json,
}
