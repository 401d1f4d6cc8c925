package main

import (
	"net/http"

	"example.com/shop/store"
)

func handler(w http.ResponseWriter, r *http.Request) {
	store.Find(r.URL.Query().Get("name"))
	run(r.FormValue("cmd"))
	s := &store.Store{}
	s.Load(r.FormValue("x"))
}
