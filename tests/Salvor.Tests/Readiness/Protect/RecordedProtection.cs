using Salvor.Errors;
using Salvor.Readiness.Protect;

namespace Salvor.Tests.Readiness.Protect;

/// <summary>A protection of one word, which counts its changes.</summary>
internal sealed class RecordedProtection(string name, string found, string wanted) : IProtection
{
    public string Section => "node";

    public string Name { get; } = name;

    public string Purpose => $"{Name} is {wanted}.";

    public string Found { get; private set; } = found;

    public int Changes { get; private set; }

    public SalvorException? FailsLook { get; init; }

    public SalvorException? FailsChange { get; init; }

    public Task<ProtectionLook> LookAsync(ProtectionAim aim, CancellationToken ct) =>
        FailsLook is not null ? throw FailsLook : Task.FromResult(new ProtectionLook
        {
            State = Found == wanted ? ProtectionState.InForce : ProtectionState.Differs,
            Found = Found,
            Wanted = wanted,
        });

    public Task ChangeAsync(ProtectionAim aim, CancellationToken ct)
    {
        Changes++;
        Found = FailsChange is null ? wanted : throw FailsChange;
        return Task.CompletedTask;
    }
}
