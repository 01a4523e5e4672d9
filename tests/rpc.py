from odoo.tests import HttpCase, JsonRpcException
from odoo.tools import mute_logger

from .common import PerformanceCommon

#: what a refused call may end in: no right, a rule of the model, or a door that is not there
REFUSALS = {
    f"odoo.exceptions.{name}"
    for name in ("AccessError", "UserError", "ValidationError", "MissingError")
}


class Refused(Exception):
    """The server refused a call; ``name`` is the class of its error."""

    def __init__(self, name):
        super().__init__(name)
        self.name = name


class RpcCommon(PerformanceCommon, HttpCase):
    """Everybody of :class:`PerformanceCommon`, logged in and calling the server as clients do."""

    _login = None

    def login(self, name):
        """Be ``name`` from now on."""
        if self._login != name:
            self.authenticate(f"perf_{name}", f"perf_{name}")
            self._login = name

    def rpc(self, who, records, method, *args, **kwargs):
        """Call ``records.method(...)`` as ``who`` through JSON-RPC.

        A model without records calls the method on the model.

        :raise Refused: when the server refuses; any other error fails the test
        """
        self.env.flush_all()
        self.login(who)
        ids = [records.ids] if records else []
        try:
            with mute_logger("odoo.http", "odoo.addons.base.models.ir_rule"):
                return self.make_jsonrpc_request(
                    f"/web/dataset/call_kw/{records._name}/{method}",
                    {
                        "model": records._name,
                        "method": method,
                        "args": [*ids, *args],
                        "kwargs": kwargs,
                    },
                    timeout=60,
                )
        except JsonRpcException as error:
            if str(error) in REFUSALS:
                raise Refused(str(error)) from error
            raise
        finally:
            self.env.invalidate_all()

    def assertRefused(self, who, records, method, *args, **kwargs):
        """The call is refused (and not just without effect)."""
        with self.assertRaises(Refused, msg=f"{who}: {records}.{method}{args}"):
            self.rpc(who, records, method, *args, **kwargs)
