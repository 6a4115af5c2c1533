namespace Salvor.Readiness.Protect;

/// <summary>What a look at one protection says.</summary>
public enum ProtectionState
{
    /// <summary>It is as it shall be: nothing is written.</summary>
    InForce,

    /// <summary>It differs, and Salvor can change it.</summary>
    Differs,

    /// <summary>It differs, or may, and Salvor does not touch it: the note says why.</summary>
    Refused,

    /// <summary>It can't be seen now: what it is part of does not answer.</summary>
    Unseen,

    /// <summary>There is nothing here that it could protect.</summary>
    NotApplicable,
}
