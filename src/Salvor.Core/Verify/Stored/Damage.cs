using Salvor.Errors;
using Salvor.Formats;
using Salvor.Formats.Findings;

namespace Salvor.Verify.Stored;

/// <summary>
/// Which exceptions of readers are findings here: what is wrong with an object, not with the way to it.
/// </summary>
internal static class Damage
{
    /// <summary>What a newer salvor wrote. Nothing says that it is damaged.</summary>
    public const string NewerCode = "repository.newer";

    public static bool Is(Exception e) => e is CorruptDataException
        or SalvorException { Code: ErrorCode.Corrupt or ErrorCode.NewerFormat or ErrorCode.NotFound };

    public static Finding ToFinding(Exception e, string code, string source, string more = "") => e switch
    {
        CorruptDataException corrupt => new Finding(Severity.Error, code, source, corrupt.Offset, corrupt.Fault + more),
        SalvorException { Code: ErrorCode.NewerFormat } =>
            new Finding(Severity.Error, NewerCode, source, Offset: null, e.Message.TrimEnd('.')
                + ": it can't be checked without a newer salvor" + more),
        _ => new Finding(Severity.Error, code, source, Offset: null, e.Message.TrimEnd('.') + more),
    };
}
