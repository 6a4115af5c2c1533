using System.Net;

namespace Salvor.Lab.Cloud.Model;

/// <summary>A zone with its one subnet.</summary>
public sealed record Zone(string Name, string Subnet, IPNetwork Network);
