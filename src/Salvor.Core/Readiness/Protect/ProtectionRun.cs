using System.Collections.Immutable;
using Salvor.Errors;

namespace Salvor.Readiness.Protect;

/// <summary>
/// Looks at protections one by one, and changes those that differ. One that fails ends none of the others.
/// </summary>
public sealed class ProtectionRun(IReadOnlyList<IProtection> protections, ProtectionAim aim)
{
    public async Task<ImmutableArray<ProtectionResult>> LookAsync(CancellationToken ct)
    {
        var results = ImmutableArray.CreateBuilder<ProtectionResult>(protections.Count);
        foreach (var protection in protections)
        {
            results.Add(new ProtectionResult(protection, await LookAsync(protection, ct)));
        }

        return results.ToImmutable();
    }

    /// <summary>Changes what is due, in order.</summary>
    public async Task<ImmutableArray<ProtectionResult>> ChangeAsync(
        ImmutableArray<ProtectionResult> seen, CancellationToken ct)
    {
        var results = ImmutableArray.CreateBuilder<ProtectionResult>(seen.Length);
        foreach (var result in seen)
        {
            ct.ThrowIfCancellationRequested();
            results.Add(result.IsDue ? await ChangeAsync(result, ct) : result);
        }

        return results.ToImmutable();
    }

    private async Task<ProtectionLook> LookAsync(IProtection protection, CancellationToken ct)
    {
        try
        {
            return await protection.LookAsync(aim, ct);
        }
        catch (SalvorException e)
        {
            return new ProtectionLook
            {
                State = e.IsTransient ? ProtectionState.Unseen : ProtectionState.Refused,
                Note = e.Hint is null ? e.Message : $"{e.Message} {e.Hint}",
            };
        }
    }

    private async Task<ProtectionResult> ChangeAsync(ProtectionResult result, CancellationToken ct)
    {
        try
        {
            await result.Protection.ChangeAsync(aim, ct);
            return result with { Outcome = ProtectionOutcome.Changed };
        }
        catch (SalvorException e)
        {
            return result with { Outcome = ProtectionOutcome.Failed, Failure = e };
        }
    }
}
