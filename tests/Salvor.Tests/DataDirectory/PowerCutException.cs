namespace Salvor.Tests.DataDirectory;

/// <summary>The machine went off: nothing in the product knows this exception, so nothing handles it.</summary>
internal sealed class PowerCutException() : Exception("The power is gone.");
