namespace Salvor.Tests.Fuzz;

/// <summary>Where a file keeps an integer: the places at which a changed number reaches deepest.</summary>
internal readonly record struct Field(int Offset, int Bytes, bool IsBigEndian = false);
