using System.Reflection;

namespace GanPipeline.Export;

/// <summary>Numbers for methods and places, which generated IL can hold.</summary>
internal static class References
{
    private static readonly List<object> _known = [];

    public static int Add(MethodBase method) => AddAny(method);

    public static int Add(CallSite site) => AddAny(site);

    public static MethodBase Get(int id) => (MethodBase)GetAny(id);

    public static CallSite GetSite(int id) => (CallSite)GetAny(id);

    private static int AddAny(object known)
    {
        lock (_known)
        {
            _known.Add(known);
            return _known.Count - 1;
        }
    }

    private static object GetAny(int id)
    {
        lock (_known) return _known[id];
    }
}
