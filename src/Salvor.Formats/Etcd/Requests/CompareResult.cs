namespace Salvor.Formats.Etcd.Requests;

/// <summary>How a comparison must come out.</summary>
public enum CompareResult
{
    Equal = 0,
    Greater = 1,
    Less = 2,
    NotEqual = 3,
}
