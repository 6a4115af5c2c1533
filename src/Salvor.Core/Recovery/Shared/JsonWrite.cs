using Salvor.Errors;
using Salvor.ObjectStore;

namespace Salvor.Recovery.Shared;

/// <summary>What came of one write.</summary>
/// <param name="Outcome">How it ended.</param>
/// <param name="Tag">What is stored now; only of a write that was done.</param>
/// <param name="Fault">Why nobody knows; only of an unknown one.</param>
public readonly record struct JsonWrite(WriteOutcome Outcome, ObjectTag? Tag, SalvorException? Fault);
